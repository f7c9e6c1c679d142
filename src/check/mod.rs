//! check: see the README's code map.
