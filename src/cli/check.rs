//! `hecha check`.

use super::args::CheckArgs;
use super::{Exit, Failure};

pub(super) fn run(_args: &CheckArgs) -> Result<Exit, Failure> {
    Err(Failure::failed("尚未实现"))
}
