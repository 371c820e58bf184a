//! Objects out of the folder of a stopped node, from its plots if so wished.

use crate::commands::dev::dev_reward;
use crate::context::{Context, genesis};
use crate::error::{CliError, Fault};
use crate::network::{extension, farm_key};
use auto_core::Hash;
use auto_farmer::{FarmSpec, PLOT_FILE};
use auto_node::{FarmSetup, Node, NodeConfig, NodeHandle, Retention, StoreKind, Withheld};
use auto_sdk::{Assembler, FileManifest, SdkError};
use std::path::Path;
use std::sync::Arc;

/// What to do without.
pub(super) const fn withheld(from_plots: bool, without_source_pieces: bool) -> Withheld {
    match (from_plots, without_source_pieces) {
        (_, true) => Withheld::SourcePieces,
        (true, false) => Withheld::Cache,
        (false, false) => Withheld::Nothing,
    }
}

/// Takes what an object or a file adds to the output.
type Take<'a> = &'a mut dyn FnMut(&[u8]) -> Result<(), SdkError>;

/// Reads an object or a file, and gives the file's name.
pub(super) fn read(
    context: &Context,
    folder: &Path,
    hash: &Hash,
    without: Withheld,
    take: Take<'_>,
) -> Result<Option<String>, CliError> {
    let plot = folder.join("farm").join(PLOT_FILE);
    let size = std::fs::metadata(&plot).map_err(|_| Fault::NoFile(plot))?.len();
    let path = folder.join("farm");
    let key = Arc::new(farm_key(&path)?);
    let farm = FarmSetup { spec: FarmSpec { path, size }, key, reward_address: dev_reward() };
    context.ui.note("opening the folder of the stopped node");
    let node = Node::start(NodeConfig {
        genesis: genesis(None, folder)?,
        store: StoreKind::Folder(folder.join("chain")),
        extension: extension(),
        followers: Vec::new(),
        retention: Retention::default(),
        timekeeper: false,
        pace_slots: true,
        farms: vec![farm],
        transport: None,
    })?;
    let read = fetch(&node.handle(), hash, without, take);
    node.stop();
    read
}

/// Fetches an object or a file from a node in this process.
pub(crate) fn fetch(
    handle: &NodeHandle,
    hash: &Hash,
    without: Withheld,
    take: Take<'_>,
) -> Result<Option<String>, CliError> {
    let object = |hash: &Hash| -> Result<Vec<u8>, CliError> {
        let bytes = handle.object(hash, without)?;
        bytes.ok_or_else(|| SdkError::NotFound { what: "object", key: hash.to_string() }.into())
    };
    let first = object(hash)?;
    if Hash::of_object(&first) != *hash {
        return Err(SdkError::WrongBytes(*hash).into());
    }
    if !FileManifest::is_manifest(&first) {
        take(&first)?;
        return Ok(None);
    }
    let manifest = FileManifest::from_object(&first).map_err(SdkError::from)?;
    let mut assembler = Assembler::new(manifest);
    while let Some(chunk) = assembler.needs() {
        take(assembler.push(&object(&chunk)?)?)?;
    }
    Ok(Some(assembler.finish()?.name().to_owned()))
}
