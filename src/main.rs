//! The `hecha` command.

fn main() {}
