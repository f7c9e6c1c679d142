//! reconcile: see the README's code map.
