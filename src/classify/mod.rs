//! classify: see the README's code map.
