//! hecha (核查): reads folders of project submissions, reconciles the investment list with its evidence and
//! reports anomalies, each with its proof.
//!
//! Data flows one way: ingest → read → classify → extract → reconcile → check → report. See the README's code map.

pub mod check;
pub mod classify;
pub mod cli;
pub mod extract;
pub mod ingest;
pub mod model;
pub mod pack;
pub mod pipeline;
pub mod read;
pub mod reconcile;
pub mod report;
pub mod store;
pub mod text;
pub mod worker;
