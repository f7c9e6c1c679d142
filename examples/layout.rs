//! Shows what a reader makes of a file: `layout FILE [PNG-PREFIX]` prints runs and tables, and draws them over the
//! pages (runs blue, cells red, pictures green, hidden text grey). Scans are recognised with the models in `HECHA_MODELS`.
#![allow(clippy::print_stdout, clippy::print_stderr, clippy::disallowed_methods, clippy::unwrap_used)]

use hecha::model::{BBox, Format, Page, Place};
use hecha::read::ocr::Chain;
use hecha::read::{ReadContext, Recogniser, reader_of};
use image::{Rgb, RgbImage};
use std::path::Path;

const DPI: f32 = 110.0;

fn main() {
    let mut args = std::env::args().skip(1);
    let path = args.next().expect("a file");
    let prefix = args.next();
    let bytes = std::fs::read(&path).unwrap();
    let format = match hecha::ingest::sniff::sniff(&bytes[..bytes.len().min(4096)]) {
        Format::Zip => hecha::ingest::sniff::inside_zip(std::io::Cursor::new(&bytes)),
        format => format,
    };
    let reader = reader_of(format).expect("a reader");
    let chain = Chain::new(std::env::var_os("HECHA_MODELS").as_deref().map(Path::new), None);
    let recogniser = chain.usable().then_some(&chain as &dyn Recogniser);
    let context = ReadContext { max_pages: 500, max_inflated: 1 << 30, ..ReadContext::new(recogniser) };
    let start = std::time::Instant::now();
    let reading = match reader.read(&bytes, &context) {
        Ok(reading) => reading,
        Err(error) => {
            println!("{path}: {error}");
            return;
        }
    };
    let spent = start.elapsed();
    for page in &reading.pages {
        print(page);
        if let (Some(prefix), true) = (&prefix, page.number <= 8)
            && let Some(mut picture) = reader.render(&bytes, page.number, DPI)
        {
            draw(page, &mut picture);
            picture.save(format!("{prefix}-{}.png", page.number)).unwrap();
        }
    }
    reading.integrity.iter().for_each(|fact| println!("{} {:?}", fact.what, fact.state));
    println!("notes {:?}; {} pages in {spent:?}", reading.notes, reading.pages.len());
}

fn print(page: &Page) {
    println!("== page {} {}x{} {:?}", page.number, page.width, page.height, page.read_by);
    for line in &page.lines {
        let b = line.bbox().unwrap_or_default();
        let table = line.table.map(|t| format!("T{t}")).unwrap_or_default();
        println!(
            "{:>4} {table:>3} [{:.0},{:.0},{:.0},{:.0}] {}",
            line.row, b.x0, b.y0, b.x1, b.y1, line.text
        );
    }
    for (i, table) in page.tables.iter().enumerate() {
        println!("-- table {i}: {}x{} ruled {}", table.rows, table.cols, table.ruled);
        for row in 0..table.rows {
            let cells: Vec<String> = table
                .row(row)
                .map(|c| {
                    let span = if c.row_span + c.col_span > 2 {
                        format!("{}x{}:", c.row_span, c.col_span)
                    } else {
                        String::new()
                    };
                    format!("{span}{}", c.text.replace('\n', "⏎"))
                })
                .collect();
            println!("   {}", cells.join(" | "));
        }
    }
    for hidden in &page.hidden {
        println!("hidden: {}", hidden.text);
    }
    for code in &page.codes {
        println!("code: {}", code.text);
    }
    for tick in &page.ticks {
        println!("tick: {:?} {}", tick.bbox, tick.ticked);
    }
    println!("images {}", page.images.len());
}

fn draw(page: &Page, picture: &mut RgbImage) {
    for image in &page.images {
        rect(picture, image.bbox, [0, 160, 0]);
    }
    for line in &page.lines {
        rect(picture, line.bbox().unwrap_or_default(), [60, 60, 255]);
    }
    for table in &page.tables {
        for cell in &table.cells {
            if let Place::Page { bbox, .. } = cell.place {
                let inner = BBox::new(bbox.x0 + 1.0, bbox.y0 + 1.0, bbox.x1 - 1.0, bbox.y1 - 1.0);
                rect(picture, inner, if table.ruled { [255, 0, 0] } else { [255, 140, 0] });
            }
        }
    }
    for line in &page.hidden {
        rect(picture, line.bbox().unwrap_or_default(), [150, 150, 150]);
    }
}

fn rect(picture: &mut RgbImage, b: BBox, color: [u8; 3]) {
    let scale = DPI / 72.0;
    let clamp = |v: f32, top: u32| (v * scale).clamp(0.0, top.saturating_sub(1) as f32) as u32;
    let (w, h) = picture.dimensions();
    let (x0, y0, x1, y1) = (clamp(b.x0, w), clamp(b.y0, h), clamp(b.x1, w), clamp(b.y1, h));
    for x in x0..=x1 {
        picture.put_pixel(x, y0, Rgb(color));
        picture.put_pixel(x, y1, Rgb(color));
    }
    for y in y0..=y1 {
        picture.put_pixel(x0, y, Rgb(color));
        picture.put_pixel(x1, y, Rgb(color));
    }
}
