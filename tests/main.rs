//! Tests of the program as a whole, in one binary.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, missing_docs, unreachable_pub)]

mod cli;
mod common;
mod corpus;
mod crashes;
mod fault;
mod notices;
mod paper;
mod samples;
mod tables;
mod tidy;
