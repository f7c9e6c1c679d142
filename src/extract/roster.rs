//! Lists whose rows stand for somebody or something: served companies, people on a payroll. A row is told by its number
//! or its name, over pages and blocks; heads that are repeated, totals and footers are no rows.

mod heads;
mod rows;

pub(super) use heads::Heads;
pub(super) use rows::{Entry, Found, read};
