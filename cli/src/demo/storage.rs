//! A real file onto the chain, into the plots, and back out of them alone.

mod proven;
mod wait;

use crate::commands::dev::{dev_config, dev_reward};
use crate::commands::object::fetch;
use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault, internal};
use crate::network::{Network, NetworkConfig, Operators};
use crate::ui::{Ui, Unit};
use crate::units::bytes;
use auto_core::Hash;
use auto_node::{NodeHandle, Withheld, drop_archived_copies};
use auto_sdk::{DevAccount, KeyError, Stage};
use auto_store::RocksStore;
use proven::Proven;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// File that marks a folder as made by the demo.
const MARK: &str = "made-by-auto-demo";
const DEFAULT_FILE_MIN: u64 = 3_000_000;
const DEFAULT_FILE_MAX: u64 = 8_000_000;
/// What a file may take from being sent to being archived and plotted everywhere.
const STEP_MAX: Duration = Duration::from_secs(900);
/// How often plotting is taken up again when the lot leaves a piece out.
const ROUNDS_MAX: u32 = 8;

/// The largest program of this machine that suits.
fn default_file() -> Result<PathBuf, CliError> {
    let entries = std::fs::read_dir("/usr/bin").map_err(|_| Fault::NoDemoFile)?;
    let sized = entries.filter_map(|entry| {
        let path = entry.ok()?.path();
        // A link would show the same file under another name.
        let data = std::fs::symlink_metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
        std::fs::File::open(&path).ok()?;
        Some((data.len(), path))
    });
    let fits = sized.filter(|(size, _)| (DEFAULT_FILE_MIN..=DEFAULT_FILE_MAX).contains(size));
    fits.max().map(|(_, path)| path).ok_or_else(|| Fault::NoDemoFile.into())
}

/// An empty folder: a new one, or one that an earlier demo made.
fn prepare(folder: &Path) -> Result<(), CliError> {
    if folder.exists() {
        let is_empty =
            std::fs::read_dir(folder).map_err(|error| file_fault("read", folder, error))?.next().is_none();
        if !is_empty {
            if !folder.join(MARK).exists() {
                return Err(Fault::NotOurs(folder.to_owned()).into());
            }
            for part in ["chain", "farm"] {
                match std::fs::remove_dir_all(folder.join(part)) {
                    Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                        return Err(file_fault("remove", &folder.join(part), error));
                    }
                    _ => {}
                }
            }
        }
    }
    std::fs::create_dir_all(folder).map_err(|error| file_fault("create", folder, error))?;
    std::fs::write(folder.join(MARK), "`auto demo` empties this folder when it starts.\n")
        .map_err(|error| file_fault("write to", folder, error))
}

/// Reads the file back under a condition, and compares every byte.
fn read_back(
    ui: &Ui,
    handle: &NodeHandle,
    root: &Hash,
    without: Withheld,
    original: &[u8],
) -> Result<(bool, Duration), CliError> {
    let started = Instant::now();
    let count = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
    let bar = ui.bar("fetching", count(original.len()), Unit::Bytes);
    let mut file = Vec::with_capacity(original.len());
    fetch(handle, root, without, &mut |part: &[u8]| {
        file.extend_from_slice(part);
        bar.at(count(file.len()), &bytes(count(file.len())));
        Ok(())
    })?;
    bar.done();
    Ok((file == original, started.elapsed()))
}

/// Lets the farm catch up with a history that stands still, until it holds every piece of the segments.
///
/// While the history grows, sectors expire and others take their place, so that what is held is held at
/// that moment only. Which pieces a sector holds is drawn by lot: if the lot left one out, the history
/// grows by a segment, and the sectors that expire by it are drawn anew.
async fn plot_all(
    ui: &Ui,
    mut network: Network,
    config: &NetworkConfig,
    segments: &RangeInclusive<u64>,
) -> Result<(Network, u64), CliError> {
    for _ in 0..ROUNDS_MAX {
        network.stop().await;
        network =
            Network::start(NetworkConfig { timekeeper: false, ..config.clone() }, Some(Operators::dev()))
                .await?;
        if let Some(pieces) = wait::settled(ui, &network, segments, STEP_MAX).await? {
            return Ok((network, pieces));
        }
        network.stop().await;
        network = Network::start(config.clone(), Some(Operators::dev())).await?;
        wait::grown(&network, STEP_MAX).await?;
    }
    Err(Fault::CheckFailed(format!("after {ROUNDS_MAX} rounds of plotting a piece is still not held")).into())
}

pub(crate) async fn run(
    context: &Context,
    file: Option<&Path>,
    folder: &Path,
    farm_size: u64,
) -> Result<(), CliError> {
    let ui = &context.ui;
    let path = match file {
        Some(path) => path.to_owned(),
        None => default_file()?,
    };
    let original = std::fs::read(&path).map_err(|error| file_fault("read", &path, error))?;
    let size = u64::try_from(original.len()).map_err(internal)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    prepare(folder)?;
    let began = Instant::now();
    let mut proven = Proven::new(&path, size, folder);

    ui.note(&format!("1/6 starting a network in {} with {} of farm", folder.display(), bytes(farm_size)));
    let config = dev_config(folder, farm_size, 0)?;
    let params = config.genesis.params.clone();
    let started = Instant::now();
    let network = Network::start(config.clone(), Some(Operators::dev())).await?;
    let client = auto_sdk::Client::new(&network.url())?;
    client.wait_for_height(auto_core::BlockNumber(1), STEP_MAX).await?;
    proven.check("a network of one process makes its first block", true, started.elapsed(), "");

    ui.note(&format!("2/6 storing {} ({})", path.display(), bytes(size)));
    let started = Instant::now();
    let alice = DevAccount::named("alice").ok_or_else(|| KeyError::Name("alice".to_owned()))?.pair();
    let bar = ui.bar("storing", size, Unit::Bytes);
    let progress = |stored: u64| bar.at(stored.min(size), &bytes(stored.min(size)));
    let upload =
        client.upload(&alice, original.as_slice(), &name, Stage::InBlock, STEP_MAX, &progress).await?;
    bar.done();
    let detail = format!("{} transactions, fee {}", upload.transactions.len(), upload.fee);
    proven.check("the file is in blocks, paid by the byte", true, started.elapsed(), &detail);
    proven.fee(upload.fee);

    ui.note("3/6 waiting until all of it is archived");
    let started = Instant::now();
    let objects: Vec<Hash> = upload.manifest.chunks.iter().copied().chain([upload.root]).collect();
    let segments = wait::archived(ui, &network, &objects, &params, STEP_MAX).await?;
    let detail = format!("segments {} to {}", segments.start(), segments.end());
    proven.check("its objects are in the archived history", true, started.elapsed(), &detail);

    proven.chain(&network.handle, &dev_reward())?;

    ui.note("4/6 waiting until the farm holds every piece of these segments");
    let started = Instant::now();
    let (network, pieces) = plot_all(ui, network, &config, &segments).await?;
    let detail = format!("{pieces} pieces in {}", bytes(farm_size));
    proven.check("every piece of these segments is plotted", true, started.elapsed(), &detail);

    ui.note("5/6 stopping the node and deleting its cached pieces and archived blocks");
    let started = Instant::now();
    network.stop().await;
    let chain = config.data.clone();
    let dropped = tokio::task::spawn_blocking(move || -> Result<_, CliError> {
        Ok(drop_archived_copies(&RocksStore::open(chain)?)?)
    });
    let dropped = dropped.await.map_err(internal)??;
    let detail = format!("{} blocks, {} pieces", dropped.bodies, dropped.pieces);
    proven.check(
        "the node's own copies are deleted",
        dropped.bodies > 0 && dropped.pieces > 0,
        started.elapsed(),
        &detail,
    );

    ui.note("6/6 starting again and fetching the file from the plots alone");
    let again = Network::start(NetworkConfig { timekeeper: false, ..config }, Some(Operators::dev())).await?;
    for (what, without) in [
        ("it comes back from plotted sectors, byte for byte", Withheld::Cache),
        ("and again with half of each segment's pieces withheld", Withheld::SourcePieces),
    ] {
        let read = || read_back(ui, &again.handle, &upload.root, without, &original);
        let (is_same, time) = tokio::task::block_in_place(read)?;
        proven.check(what, is_same, time, &proven::rate(size, time));
    }
    again.stop().await;
    proven.total(began.elapsed());
    proven.show(ui, &upload.root)
}
