//! store: see the README's code map.
