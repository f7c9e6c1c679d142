//! ingest: see the README's code map.
