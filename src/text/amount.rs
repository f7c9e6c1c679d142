//! Numbers and amounts, in digits and in capital numerals (`domain.md` §3).
