//! `hecha doctor`: what is there, what is missing, what to do.

#![allow(clippy::disallowed_methods, reason = "looks at the machine")]

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::store::{Store, StoreError};
use crate::text::hex::hex;
use crate::worker::{Confinement, Launcher, Pool, confinement};

use super::args::DoctorArgs;
use super::places::{self, LANGUAGES, MODELS};
use super::{Exit, Failure, out};

pub(super) fn run(args: &DoctorArgs) -> Result<Exit, Failure> {
    let places = places::find(args.models.as_deref());
    out(&format!("hecha {}\n\n", env!("CARGO_PKG_VERSION")));
    models(places.models.as_deref());
    tesseract(places.tessdata.as_deref());
    font(places.font.as_deref());
    sandbox();
    let stored = store(args.store.as_deref());
    let program = std::env::current_exe()
        .map_err(|e| Failure::failed(format!("找不到程序自身的路径（{e}），无法启动读取进程")))?;
    let pool =
        Pool::new(Launcher { program, places, passwords: Default::default() }, 1, std::sync::Arc::default());
    match pool.hello() {
        Ok(hello) => {
            match hello.engine {
                Some(engine) => good("读取进程", &format!("可以启动；识别引擎：{engine}")),
                None => bad(
                    "读取进程",
                    "可以启动，但没有任何文字识别引擎：扫描件会列为无法读取",
                    "按上面的提示安装模型或 Tesseract",
                ),
            }
            for note in hello.notes {
                out(&format!("    {note}\n"));
            }
        }
        Err(e) => {
            bad("读取进程", &format!("无法启动（{e}）"), "检查系统是否限制了进程数或内存");
            return Ok(Exit::Failed);
        }
    }
    Ok(if stored { Exit::Done } else { Exit::Failed })
}

fn good(what: &str, how: &str) {
    out(&format!("[可用] {what}：{how}\n"));
}

fn bad(what: &str, how: &str, remedy: &str) {
    out(&format!("[缺少] {what}：{how}\n    处理：{remedy}\n"));
}

fn models(dir: Option<&Path>) {
    let remedy = "在项目目录运行 make models，或用 --models / HECHA_MODELS 指定模型所在文件夹";
    let Some(dir) = dir else {
        return bad("PP-OCR 模型", "没有找到；只能用 Tesseract 识别，准确率明显较低", remedy);
    };
    for name in MODELS {
        match std::fs::read(dir.join(name)) {
            Ok(bytes) => {
                let sum = hex(&Sha256::digest(&bytes));
                good("PP-OCR 模型", &format!("{name}（{} KiB，sha256 {}…）", bytes.len() >> 10, &sum[..16]));
            }
            Err(_) => bad("PP-OCR 模型", &format!("{} 中没有 {name}", dir.display()), remedy),
        }
    }
}

fn tesseract(dir: Option<&Path>) {
    let remedy = "apt-get install tesseract-ocr tesseract-ocr-chi-sim tesseract-ocr-eng";
    let Some(dir) = dir else {
        return bad("Tesseract 语言数据", "没有找到 chi_sim；无法作第二次独立识读", remedy);
    };
    for name in LANGUAGES {
        if dir.join(name).is_file() {
            good("Tesseract 语言数据", &format!("{}", dir.join(name).display()));
        } else {
            bad("Tesseract 语言数据", &format!("{} 中没有 {name}", dir.display()), remedy);
        }
    }
}

fn font(path: Option<&Path>) {
    match path {
        Some(path) => good("中文字体", &format!("{}", path.display())),
        None => bad("中文字体", "没有找到；未嵌入字体的 PDF 截图会缺字", "apt-get install fonts-noto-cjk"),
    }
}

fn sandbox() {
    match confinement() {
        Confinement::Full => good("沙箱", "Landlock 生效：读取进程不能写文件、不能联网"),
        Confinement::Partial => good("沙箱", "Landlock 部分生效（内核较旧）：读取进程不能写文件"),
        Confinement::LimitsOnly(why) => {
            bad(
                "沙箱",
                &format!("{why}；仅限制内存和时间"),
                "使用 5.13 及以上、启用 Landlock 的 Linux 内核（可选）",
            );
        }
    }
}

fn store(named: Option<&Path>) -> bool {
    let (root, passing) = match named {
        Some(root) => (root.to_path_buf(), None),
        None => match tempfile::tempdir() {
            Ok(dir) => (dir.path().to_path_buf(), Some(dir)),
            Err(e) => {
                bad("临时目录", &format!("无法写入（{e}）"), "检查磁盘空间，或设置 TMPDIR");
                return false;
            }
        },
    };
    let tried = Store::open(&root).and_then(|s| s.spool().map(|_| ()));
    drop(passing);
    match tried {
        Ok(()) => good("存储目录", &format!("{} 可写", shown(named, &root).display())),
        Err(e @ StoreError::Busy(_)) => good("存储目录", &e.to_string()),
        Err(e) => bad("存储目录", &e.to_string(), "换一个目录，或检查权限和磁盘空间"),
    }
    tried_ok(named, &root)
}

fn shown(named: Option<&Path>, root: &Path) -> PathBuf {
    named.map_or_else(|| root.parent().unwrap_or(root).to_path_buf(), Path::to_path_buf)
}

fn tried_ok(named: Option<&Path>, root: &Path) -> bool {
    named.is_none() || root.is_dir()
}
