//! Pure helpers on text: normalising, amounts, dates, names, codes.

pub mod amount;
pub mod code;
pub mod date;
pub mod name;
pub mod normal;
