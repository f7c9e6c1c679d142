//! Reading pixels: preparation in plain Rust, PP-OCR models through `rten`, Tesseract through its C library.
//!
//! A page goes through turn → seal removal → background → skew → ruling lines → cells → text lines → recognition.
//! Everything works on `u8` buffers; no stage here starts threads of its own or touches the environment.

mod assemble;
mod blobs;
mod chain;
mod crops;
mod ctc;
mod detect;
mod engine;
mod grey;
mod leftover;
mod orient;
mod prepare;
mod recognise;
mod rulings;
mod seals;
mod sheet;
mod skew;
mod ticks;

pub use chain::Chain;
pub use grey::Grey;
