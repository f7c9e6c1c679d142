//! The worker: a child process of the same binary that does what touches hostile bytes, one job at a time, under
//! limits. A crash, a hang or an exhausted limit costs that job and nothing else.

pub mod child;
pub mod engines;
pub mod handle;
pub mod pool;
pub mod protocol;
mod sandbox;

pub use engines::Places;
pub use handle::Launcher;
pub use pool::{Job, Pool};
pub use protocol::{Reply, Task};
pub use sandbox::{Confinement, confinement};
