//! What the worker takes from itself before it sees a file: writing, the network, most of the disk, memory, time.

use std::path::{Path, PathBuf};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};

/// Address space of a worker: room for models and a large page at 300 dpi, not for a bomb.
const MEMORY: u64 = 3 << 30;

/// How far the kernel confines workers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confinement {
    /// No writing, no network, reading only of what engines need.
    Full,
    /// Part of that; the kernel is older.
    Partial,
    /// Limits of memory and time only.
    LimitsOnly(String),
}

/// Limits memory and core dumps, and closes the disk but for reading `readable` and what libraries need.
pub(super) fn enter(readable: &[PathBuf]) -> Confinement {
    limit(Resource::As, MEMORY);
    limit(Resource::Core, 0);
    confine(readable)
}

/// Gives the process this many more seconds of CPU; beyond them the kernel ends it.
pub(super) fn allow_cpu(seconds: u64) {
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec.max(0);
    limit(Resource::Cpu, used.unsigned_abs() + seconds + 1);
}

fn limit(resource: Resource, soft: u64) {
    let old = getrlimit(resource);
    let soft = old.maximum.map_or(soft, |most| soft.min(most));
    // A refused limit leaves the parent's clock as the last guard.
    let _ = setrlimit(resource, Rlimit { current: Some(soft), maximum: old.maximum });
}

/// What the kernel of this machine can do, tried in a thread that then ends.
pub fn confinement() -> Confinement {
    std::thread::spawn(|| confine(&[]))
        .join()
        .unwrap_or_else(|_| Confinement::LimitsOnly("检查失败".to_string()))
}

#[cfg(target_os = "linux")]
fn confine(readable: &[PathBuf]) -> Confinement {
    use landlock::{
        ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr,
        RulesetStatus, path_beneath_rules,
    };
    const SYSTEM: &[&str] = &[
        "/lib",
        "/lib64",
        "/usr/lib",
        "/usr/lib64",
        "/usr/local/lib",
        "/usr/share",
        "/usr/local/share",
        "/etc/fonts",
        "/etc/ld.so.cache",
        "/etc/ld.so.conf",
        "/etc/ld.so.conf.d",
        "/etc/localtime",
        "/proc/self",
        "/proc/cpuinfo",
        "/proc/meminfo",
        "/sys/devices/system/cpu",
        "/sys/fs/cgroup",
        "/dev/null",
        "/dev/urandom",
    ];
    let paths = SYSTEM.iter().map(PathBuf::from).chain(readable.iter().cloned()).filter(|p| Path::exists(p));
    let closed = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(ABI::V5))
        .and_then(|r| r.handle_access(AccessNet::BindTcp | AccessNet::ConnectTcp))
        .and_then(Ruleset::create)
        .and_then(|r| r.add_rules(path_beneath_rules(paths, AccessFs::ReadFile | AccessFs::ReadDir)))
        .and_then(landlock::RulesetCreated::restrict_self);
    match closed.map(|s| s.ruleset) {
        Ok(RulesetStatus::FullyEnforced) => Confinement::Full,
        Ok(RulesetStatus::PartiallyEnforced) => Confinement::Partial,
        Ok(RulesetStatus::NotEnforced) => Confinement::LimitsOnly("内核不支持 Landlock".to_string()),
        Err(e) => Confinement::LimitsOnly(format!("Landlock 不可用（{e}）")),
    }
}

#[cfg(not(target_os = "linux"))]
fn confine(_readable: &[PathBuf]) -> Confinement {
    Confinement::LimitsOnly("此系统没有 Landlock".to_string())
}
