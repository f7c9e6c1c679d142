//! cli: see the README's code map.
