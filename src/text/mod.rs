//! Pure helpers on text: normalising, amounts, dates, names, codes, look-alike characters.
//!
//! Ranges that these helpers return count bytes of the text they were given ([`normal::char_range`] turns them
//! into characters). Nothing here repairs a value: what does not follow the grammar is `None`.

pub mod amount;
pub mod capital;
pub mod code;
pub mod confusion;
pub mod date;
pub mod goods;
pub mod hex;
pub mod labels;
pub mod name;
pub mod normal;
pub mod party;
pub mod passage;
pub mod payload;
pub mod radical;
pub mod separated;
pub mod voucher;
