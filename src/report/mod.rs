//! report: see the README's code map.
