//! Tesseract through its C library, opened at run time: hecha starts and works without it.
//!
//! The only unsafe code of the crate. What keeps it sound: the functions' types are those of `capi.h` (unchanged
//! since Tesseract 4), handles are freed by `Drop` while the library is still open, pictures are copied by
//! `SetImage` before the borrow ends, and texts the library hands out are copied and returned to it.
#![allow(unsafe_code)]

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ffi::{CStr, CString, c_char, c_float, c_int, c_void};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use libloading::Library;

use super::Grey;

/// Names of the library, newest first.
const NAMES: &[&str] = &[
    "libtesseract.so.5",
    "libtesseract.so.4",
    "libtesseract.so",
    "libtesseract.5.dylib",
    "libtesseract.dylib",
];
/// Where language data usually lies.
const FOLDERS: &[&str] = &[
    "/usr/share/tesseract-ocr/5/tessdata",
    "/usr/share/tesseract-ocr/4.00/tessdata",
    "/usr/share/tessdata",
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
];
/// `PSM_SINGLE_LINE`.
const ONE_LINE: c_int = 7;
/// `RIL_SYMBOL`.
const SYMBOL: c_int = 4;

type Handle = *mut c_void;

/// The functions of the library.
struct Api {
    create: unsafe extern "C" fn() -> Handle,
    delete: unsafe extern "C" fn(Handle),
    init: unsafe extern "C" fn(Handle, *const c_char, *const c_char) -> c_int,
    set_variable: unsafe extern "C" fn(Handle, *const c_char, *const c_char) -> c_int,
    set_mode: unsafe extern "C" fn(Handle, c_int),
    set_image: unsafe extern "C" fn(Handle, *const u8, c_int, c_int, c_int, c_int),
    set_resolution: unsafe extern "C" fn(Handle, c_int),
    recognize: unsafe extern "C" fn(Handle, *mut c_void) -> c_int,
    iterator: unsafe extern "C" fn(Handle) -> Handle,
    page_iterator: unsafe extern "C" fn(Handle) -> Handle,
    next: unsafe extern "C" fn(Handle, c_int) -> c_int,
    text: unsafe extern "C" fn(Handle, c_int) -> *mut c_char,
    confidence: unsafe extern "C" fn(Handle, c_int) -> c_float,
    bounds: unsafe extern "C" fn(Handle, c_int, *mut c_int, *mut c_int, *mut c_int, *mut c_int) -> c_int,
    delete_iterator: unsafe extern "C" fn(Handle),
    delete_text: unsafe extern "C" fn(*const c_char),
    clear: unsafe extern "C" fn(Handle),
    orientation:
        unsafe extern "C" fn(Handle, *mut c_int, *mut c_float, *mut *const c_char, *mut c_float) -> c_int,
    version: String,
    // Last, so that it outlives the function pointers above.
    _library: Library,
}

impl Api {
    fn open() -> Option<Self> {
        NAMES.iter().find_map(|name| {
            // SAFETY: loading runs the library's initialisers; these are well-known system libraries.
            let library = unsafe { Library::new(*name) }.ok()?;
            Self::bind(library)
        })
    }

    fn bind(library: Library) -> Option<Self> {
        macro_rules! get {
            ($name:literal) => {
                // SAFETY: the field's type is the function's type in capi.h.
                *unsafe { library.get($name) }.ok()?
            };
        }
        let version: unsafe extern "C" fn() -> *const c_char = get!("TessVersion");
        // SAFETY: a static string of the library.
        let version = unsafe { CStr::from_ptr(version()) }.to_string_lossy().into_owned();
        Some(Self {
            create: get!("TessBaseAPICreate"),
            delete: get!("TessBaseAPIDelete"),
            init: get!("TessBaseAPIInit3"),
            set_variable: get!("TessBaseAPISetVariable"),
            set_mode: get!("TessBaseAPISetPageSegMode"),
            set_image: get!("TessBaseAPISetImage"),
            set_resolution: get!("TessBaseAPISetSourceResolution"),
            recognize: get!("TessBaseAPIRecognize"),
            iterator: get!("TessBaseAPIGetIterator"),
            page_iterator: get!("TessResultIteratorGetPageIterator"),
            next: get!("TessResultIteratorNext"),
            text: get!("TessResultIteratorGetUTF8Text"),
            confidence: get!("TessResultIteratorConfidence"),
            bounds: get!("TessPageIteratorBoundingBox"),
            delete_iterator: get!("TessResultIteratorDelete"),
            delete_text: get!("TessDeleteText"),
            clear: get!("TessBaseAPIClear"),
            orientation: get!("TessBaseAPIDetectOrientationScript"),
            version,
            _library: library,
        })
    }
}

/// A handle with one language loaded.
struct Engine {
    api: Rc<Api>,
    handle: Handle,
}

impl Drop for Engine {
    fn drop(&mut self) {
        // SAFETY: made by `create`, deleted once; the library is kept open by `api`.
        unsafe { (self.api.delete)(self.handle) }
    }
}

/// A recognised character: left and right edge in pixels of the picture, confidence between 0 and 1.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Symbol {
    pub text: String,
    pub x0: f32,
    pub x1: f32,
    pub score: f32,
}

/// Tesseract, opened at its first use; one handle a language.
pub(super) struct Tesseract {
    tessdata: Option<PathBuf>,
    api: OnceCell<Option<Rc<Api>>>,
    engines: RefCell<BTreeMap<String, Option<Engine>>>,
}

impl Tesseract {
    /// With the folder of language data, if the caller knows it.
    pub(super) fn new(tessdata: Option<PathBuf>) -> Self {
        let tessdata = tessdata
            .or_else(|| FOLDERS.iter().map(PathBuf::from).find(|f| f.join("chi_sim.traineddata").is_file()));
        Self { tessdata, api: OnceCell::new(), engines: RefCell::new(BTreeMap::new()) }
    }

    fn api(&self) -> Option<&Rc<Api>> {
        self.api.get_or_init(|| Api::open().map(Rc::new)).as_ref()
    }

    /// The library's version, if it is there.
    pub(super) fn version(&self) -> Option<&str> {
        self.api().map(|a| a.version.as_str())
    }

    /// Where its language data lies.
    pub(super) fn data(&self) -> Option<&Path> {
        self.tessdata.as_deref()
    }

    /// Whether a language can be read.
    pub(super) fn speaks(&self, language: &str) -> bool {
        let file = format!("{language}.traineddata");
        self.tessdata.as_ref().is_some_and(|f| f.join(file).is_file()) && self.api().is_some()
    }

    fn engine<T>(&self, language: &str, f: impl FnOnce(&Engine) -> T) -> Option<T> {
        let api = self.api()?;
        let mut engines = self.engines.borrow_mut();
        let engine = engines
            .entry(language.to_owned())
            .or_insert_with(|| open(api, self.tessdata.as_deref(), language));
        engine.as_ref().map(f)
    }

    /// Reads a line in one language; only the characters of `allowed`, unless it is empty.
    pub(super) fn read(&self, language: &str, picture: &Grey, allowed: &str) -> Option<Vec<Symbol>> {
        if picture.w < 3 || picture.h < 3 || picture.px.len() != picture.w * picture.h {
            return None;
        }
        self.engine(language, |engine| engine.read(picture, allowed)).flatten()
    }

    /// Degrees clockwise by which the page must be turned to be upright, if Tesseract can tell.
    pub(super) fn turn(&self, page: &Grey) -> Option<u16> {
        if !self.speaks("osd") {
            return None;
        }
        self.engine("osd", |engine| engine.turn(page)).flatten()
    }
}

fn open(api: &Rc<Api>, data: Option<&Path>, language: &str) -> Option<Engine> {
    let data = data.and_then(|d| CString::new(d.to_str()?).ok());
    let language = CString::new(language).ok()?;
    // SAFETY: strings live through the call; a null folder means the library's own.
    unsafe {
        let handle = (api.create)();
        if handle.is_null() {
            return None;
        }
        let engine = Engine { api: Rc::clone(api), handle };
        let folder = data.as_ref().map_or(std::ptr::null(), |d| d.as_ptr());
        ((api.init)(handle, folder, language.as_ptr()) == 0).then_some(engine)
    }
}

impl Engine {
    fn show(&self, picture: &Grey) {
        let (w, h) = (picture.w as c_int, picture.h as c_int);
        // SAFETY: the buffer holds w * h bytes (checked by the caller) and is copied by the library.
        unsafe {
            (self.api.set_image)(self.handle, picture.px.as_ptr(), w, h, 1, w);
            (self.api.set_resolution)(self.handle, 300);
        }
    }

    fn read(&self, picture: &Grey, allowed: &str) -> Option<Vec<Symbol>> {
        let (key, allowed) = (c"tessedit_char_whitelist", CString::new(allowed).ok()?);
        // SAFETY: the handle is alive; strings live through the call.
        let done = unsafe {
            (self.api.set_variable)(self.handle, key.as_ptr(), allowed.as_ptr());
            (self.api.set_mode)(self.handle, ONE_LINE);
            self.show(picture);
            (self.api.recognize)(self.handle, std::ptr::null_mut()) == 0
        };
        let symbols = if done { self.symbols() } else { Vec::new() };
        // SAFETY: the handle is alive.
        unsafe { (self.api.clear)(self.handle) };
        done.then_some(symbols)
    }

    fn symbols(&self) -> Vec<Symbol> {
        let mut out = Vec::new();
        // SAFETY: the iterator is used before the next recognition and deleted once; texts are copied and returned.
        unsafe {
            let at = (self.api.iterator)(self.handle);
            if at.is_null() {
                return out;
            }
            let page = (self.api.page_iterator)(at);
            loop {
                let text = (self.api.text)(at, SYMBOL);
                if !text.is_null() {
                    let (mut x0, mut y0, mut x1, mut y1) = (0, 0, 0, 0);
                    (self.api.bounds)(page, SYMBOL, &raw mut x0, &raw mut y0, &raw mut x1, &raw mut y1);
                    out.push(Symbol {
                        text: CStr::from_ptr(text).to_string_lossy().into_owned(),
                        x0: x0 as f32,
                        x1: x1 as f32,
                        score: ((self.api.confidence)(at, SYMBOL) / 100.0).clamp(0.0, 1.0),
                    });
                    (self.api.delete_text)(text);
                }
                if (self.api.next)(at, SYMBOL) == 0 {
                    break;
                }
            }
            (self.api.delete_iterator)(at);
        }
        out
    }

    fn turn(&self, page: &Grey) -> Option<u16> {
        let (mut degrees, mut sure, mut script, mut script_sure) = (0, 0.0, std::ptr::null(), 0.0);
        // SAFETY: as in `read`; the script's name belongs to the library.
        let told = unsafe {
            (self.api.set_mode)(self.handle, 0);
            self.show(page);
            let told = (self.api.orientation)(
                self.handle,
                &raw mut degrees,
                &raw mut sure,
                &raw mut script,
                &raw mut script_sure,
            );
            (self.api.clear)(self.handle);
            told != 0
        };
        // Tesseract tells how far the page was turned counter-clockwise of upright... that is our clockwise turn.
        (told && sure > 1.0).then(|| ((360 - degrees.rem_euclid(360)) % 360) as u16)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_language_is_no_failure() {
        let t = Tesseract::new(Some(PathBuf::from("/nonexistent")));
        assert!(!t.speaks("eng"));
        assert!(t.read("no_such_language", &Grey::new(60, 30, 255), "").is_none());
        assert!(t.read("eng", &Grey::new(1, 1, 255), "").is_none());
    }

    #[test]
    #[allow(clippy::print_stderr, reason = "a skipped test says so")]
    fn white_paper_reads_as_nothing() {
        let t = Tesseract::new(None);
        if !t.speaks("eng") {
            eprintln!("skipped: Tesseract with eng is not installed");
            return;
        }
        assert!(t.version().is_some_and(|v| v.starts_with(['4', '5'])));
        let text: String = t
            .read("eng", &Grey::new(200, 60, 255), "0123456789")
            .unwrap_or_default()
            .into_iter()
            .map(|s| s.text)
            .collect();
        assert_eq!(text.trim(), "");
    }
}
