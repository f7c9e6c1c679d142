//! Reading pixels: preparation in plain Rust, PP-OCR models through `rten`, Tesseract through its C library.
//!
//! A page goes through flattening (photographs) → turn → seal removal → background → skew → ruling lines → cells → text lines → recognition.
//! Everything works on `u8` buffers; no stage here starts threads of its own or touches the environment.

mod assemble;
mod blobs;
mod chain;
mod converge;
mod crops;
mod ctc;
mod detect;
mod doubt;
mod engine;
mod flatten;
mod grammar;
mod grey;
mod leftover;
mod letters;
mod look;
mod marks;
mod orient;
mod paper;
mod prepare;
mod recognise;
mod ring;
mod rings;
mod rulings;
mod seals;
mod second;
mod sheet;
mod skew;
mod tesseract;
mod ticks;
mod upright;
mod watch;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_tables;

pub use chain::{Chain, Engines};
pub use grey::Grey;
pub use watch::Step;
