//! The checks of the doctor.

use super::{Check, Level};
use crate::context::{GENESIS_FILE, exposed, genesis};
use crate::network::extension;
use crate::units::bytes;
use auto_node::{Chain, NodeError, Retention};
use auto_sdk::Keystore;
use auto_store::{RocksStore, StoreError};
use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

const DISK_FREE_WANTED: u64 = 2 << 30;
const DISK_FREE_NEEDED: u64 = 512 << 20;
const OPEN_FILES_WANTED: u64 = 4096;
const FSYNC_SLOW_MS: u128 = 50;
/// How far two clocks may part while both are watched.
const CLOCK_JUMP: Duration = Duration::from_millis(100);

pub(super) fn aes() -> Check {
    let engines: Vec<_> =
        auto_proof_of_time::Engine::available().iter().map(|engine| engine.name()).collect();
    let found = engines.join(", ");
    if engines.len() > 1 {
        Check::ok("cpu_aes", format!("AES engines: {found}"))
    } else {
        let fix = "Follow other timekeepers; this machine computes and verifies proof of time slowly.";
        Check::bad("cpu_aes", Level::Warning, "no AES instructions", fix)
    }
}

pub(super) fn cores() -> Check {
    match std::thread::available_parallelism() {
        Ok(cores) if cores.get() >= 2 => Check::ok("cpu_cores", format!("{cores} cores")),
        Ok(_) => Check::bad(
            "cpu_cores",
            Level::Warning,
            "1 core",
            "Keeping time and farming need a core each; do one of them.",
        ),
        Err(error) => {
            Check::bad("cpu_cores", Level::Warning, error.to_string(), "Check the operating system.")
        }
    }
}

/// The nearest folder that exists.
fn existing(folder: &Path) -> &Path {
    folder.ancestors().find(|ancestor| ancestor.is_dir()).unwrap_or(Path::new("."))
}

pub(super) fn disk(folder: &Path) -> Vec<Check> {
    let folder = existing(folder);
    let mut checks = Vec::new();
    match rustix::fs::statvfs(folder) {
        Ok(stat) => {
            let free = stat.f_bavail.saturating_mul(stat.f_frsize);
            let finding = format!("{} free at {}", bytes(free), folder.display());
            let level = match free {
                free if free < DISK_FREE_NEEDED => Some(Level::Error),
                free if free < DISK_FREE_WANTED => Some(Level::Warning),
                _ => None,
            };
            checks.push(match level {
                None => Check::ok("disk_free", finding),
                Some(level) => Check::bad(
                    "disk_free",
                    level,
                    finding,
                    "Free some space, or name a folder on another disk with --data.",
                ),
            });
        }
        Err(error) => checks.push(Check::bad(
            "disk_free",
            Level::Error,
            error.to_string(),
            "Check the folder given with --data.",
        )),
    }
    checks.push(fsync(folder));
    checks
}

fn fsync(folder: &Path) -> Check {
    let measure = || -> std::io::Result<u128> {
        let mut file = tempfile::tempfile_in(folder)?;
        let mut slowest = 0;
        for _ in 0..8 {
            file.write_all(&[7; 4096])?;
            let started = Instant::now();
            file.sync_all()?;
            slowest = slowest.max(started.elapsed().as_millis());
        }
        Ok(slowest)
    };
    match measure() {
        Ok(slowest) if slowest <= FSYNC_SLOW_MS => {
            Check::ok("disk_sync", format!("a synchronous write takes at most {slowest} ms"))
        }
        Ok(slowest) => Check::bad(
            "disk_sync",
            Level::Warning,
            format!("a synchronous write took {slowest} ms"),
            "Use an SSD for the chain; farms need it less.",
        ),
        Err(error) => Check::bad(
            "disk_sync",
            Level::Error,
            format!("cannot write to {}: {error}", folder.display()),
            "Make the folder writable, or name another with --data.",
        ),
    }
}

/// Watches the wall clock against the monotonic one.
pub(super) async fn clock() -> Check {
    let (wall, steady) = (SystemTime::now(), Instant::now());
    tokio::time::sleep(Duration::from_millis(300)).await;
    let passed = steady.elapsed();
    let parted = match wall.elapsed() {
        Ok(shown) => shown.abs_diff(passed),
        Err(back) => passed.saturating_add(back.duration()),
    };
    let year_2024 = SystemTime::UNIX_EPOCH + Duration::from_secs(1_704_067_200);
    let fix = "Let the operating system keep the time (NTP). No rule of the chain depends on it, but logs and certificates do.";
    if wall < year_2024 {
        return Check::bad("clock", Level::Warning, "the clock shows a year before 2024", fix);
    }
    if parted > CLOCK_JUMP {
        return Check::bad(
            "clock",
            Level::Warning,
            format!("the clock jumped by {} ms", parted.as_millis()),
            fix,
        );
    }
    Check::ok("clock", "the clock is steady")
}

pub(super) fn open_files() -> Check {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    let current = limit.current.unwrap_or(u64::MAX);
    let finding = if current == u64::MAX {
        "no limit of open files".to_owned()
    } else {
        format!("{current} open files allowed")
    };
    if current >= OPEN_FILES_WANTED {
        return Check::ok("open_files", finding);
    }
    let level = if current < 256 { Level::Error } else { Level::Warning };
    Check::bad(
        "open_files",
        level,
        finding,
        format!("Run `ulimit -n {OPEN_FILES_WANTED}` before starting a node."),
    )
}

pub(super) fn port(port: u16) -> Check {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Check::ok("port", format!("port {port} is free")),
        Err(error) => Check::bad(
            "port",
            Level::Warning,
            format!("port {port} cannot be taken: {error}"),
            "A node may be running already (`auto status`); else choose another with --port.",
        ),
    }
}

pub(super) fn keystore(keystore: &Keystore) -> Check {
    let names = keystore.names().and_then(|names| Ok((names, keystore.operator_names()?)));
    let (names, operators) = match names {
        Ok(names) => names,
        Err(error) => {
            return Check::bad(
                "keystore",
                Level::Error,
                error.to_string(),
                "Check the permissions of the folder.",
            );
        }
    };
    let is_exposed = |name: &&String| keystore.path(name).is_ok_and(|path| exposed(&path));
    let mut open: Vec<_> = names.iter().filter(is_exposed).cloned().collect();
    let is_exposed = |name: &&String| keystore.operator_path(name).is_ok_and(|path| exposed(&path));
    open.extend(operators.iter().filter(is_exposed).map(|name| format!("operator key {name}")));
    if !open.is_empty() {
        let fix = format!("Run `chmod 600 {}/*.json`.", keystore.folder().display());
        return Check::bad("keystore", Level::Error, format!("others may read: {}", open.join(", ")), fix);
    }
    let mut broken: Vec<_> = names.iter().filter(|name| keystore.read(name).is_err()).cloned().collect();
    let unusable = operators.iter().filter(|name| keystore.read_operator(name).is_err());
    broken.extend(unusable.map(|name| format!("operator key {name}")));
    if !broken.is_empty() {
        let finding = format!("unusable: {}", broken.join(", "));
        return Check::bad(
            "keystore",
            Level::Error,
            finding,
            "Run `auto wallet list` for the reasons; restore the files from a copy.",
        );
    }
    let operators = match operators.len() {
        0 => String::new(),
        count => format!(" and {count} operator keys"),
    };
    Check::ok("keystore", format!("{} accounts{operators}, readable by you alone", names.len()))
}

pub(super) fn data_folder(folder: &Path) -> Check {
    let chain = folder.join("chain");
    if !chain.exists() {
        return Check::ok("data_folder", format!("no chain in {} yet", folder.display()));
    }
    let genesis = match genesis(None, folder) {
        Ok(genesis) => genesis,
        Err(error) => {
            let file = folder.join(GENESIS_FILE);
            let advice = format!("Restore {} from a copy.", file.display());
            return Check::bad("data_folder", Level::Error, error.what, &advice);
        }
    };
    let opened = RocksStore::open(&chain)
        .map_err(NodeError::from)
        .and_then(|store| Chain::open(Arc::new(store), &genesis, extension(), Retention::default()));
    match opened {
        Ok(opened) => Check::ok(
            "data_folder",
            format!("the chain in {} opens at block {}", folder.display(), opened.head().number()),
        ),
        Err(NodeError::Store(error @ StoreError::Locked { .. })) => {
            Check::ok("data_folder", error.to_string())
        }
        Err(NodeError::OtherGenesis | NodeError::OtherParams { .. }) => {
            Check::ok("data_folder", format!("{} holds a chain of another genesis", folder.display()))
        }
        Err(error) => Check::bad(
            "data_folder",
            Level::Error,
            error.to_string(),
            "Move the folder away; plots are not affected.",
        ),
    }
}
