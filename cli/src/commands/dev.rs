//! `auto dev`: a whole network in this process.

mod byzantine;

use crate::context::{Context, GENESIS_FILE, file_fault, kept_genesis};
use crate::error::{CliError, internal};
use crate::frauds::make_room_for;
use crate::network::{Network, NetworkConfig, Operators};
use crate::ui::{Ui, table};
use crate::units::{Size, bytes};
use auto_core::{Address, Genesis};
use auto_farmer::FarmSpec;
use auto_operator::Lie;
use auto_sdk::{DEV_BALANCE, DevAccount, GenesisFile, dev_genesis_at};
use byzantine::Dispute;
use clap::Args;
use serde_json::{Value, json};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Run a whole network in this process, with funded accounts.
///
/// One node that keeps time, farms and serves the API. The accounts' secrets are public, so it is for
/// development only. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto dev
  auto dev --ephemeral --port 0 --json
  auto dev --data ./chain --farm-size 1GiB
  auto dev --byzantine middle-root")]
pub(crate) struct Dev {
    /// Folder of the chain and the farm [default: ~/.auto/dev].
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Space to farm.
    #[arg(long, value_name = "SIZE", default_value = "256MiB")]
    farm_size: Size,
    /// Port of the API; 0 takes any free one.
    #[arg(long, default_value_t = 8700)]
    port: u16,
    /// Keep everything in a temporary folder that goes with the process.
    #[arg(long, conflicts_with = "data")]
    ephemeral: bool,
    /// Let the last operator lie in this way, to see it proven and slashed; `list` names all ways. Without
    /// --data the network is --ephemeral.
    #[arg(long, value_name = "LIE", value_parser = lie)]
    byzantine: Option<Lie>,
}

/// The lie of a name.
pub(crate) fn lie(name: &str) -> Result<Lie, String> {
    let names = || Lie::ALL.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    name.parse().map_err(|_| format!("choose one of {}", names()))
}

/// Who is paid for the blocks of a development network.
pub(crate) fn dev_reward() -> Address {
    let account = DevAccount::named("farmer").map(DevAccount::pair);
    account.map_or(Address([0; 32]), |pair| pair.public_key().address())
}

/// The genesis that a folder keeps; a new network begins now.
fn dev_network(folder: &Path) -> Result<Genesis, CliError> {
    if let Some(genesis) = kept_genesis(folder)? {
        return Ok(genesis);
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(internal)?.as_secs();
    let genesis = dev_genesis_at(now);
    let file = GenesisFile::of(&genesis).ok_or_else(|| internal("the genesis cannot be written"))?;
    let text = serde_json::to_string_pretty(&file).map_err(internal)?;
    std::fs::create_dir_all(folder).map_err(|error| file_fault("create", folder, error))?;
    let path = folder.join(GENESIS_FILE);
    std::fs::write(&path, text).map_err(|error| file_fault("write", &path, error))?;
    Ok(genesis)
}

/// A development network with its data in `folder`.
pub(crate) fn dev_config(folder: &Path, farm_size: u64, port: u16) -> Result<NetworkConfig, CliError> {
    Ok(NetworkConfig {
        genesis: dev_network(folder)?,
        data: folder.join("chain"),
        farms: vec![FarmSpec { path: folder.join("farm"), size: farm_size }],
        reward: dev_reward(),
        timekeeper: true,
        addr: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
    })
}

pub(crate) async fn run(context: &Context, args: Dev) -> Result<(), CliError> {
    // A liar is slashed once; the next network begins anew.
    let ephemeral = args.ephemeral || (args.byzantine.is_some() && args.data.is_none());
    let temporary = if ephemeral { Some(tempfile::tempdir().map_err(internal)?) } else { None };
    let folder = match (&temporary, args.data) {
        (Some(temporary), _) => temporary.path().to_owned(),
        (None, Some(data)) => data,
        (None, None) => context.folder("dev"),
    };
    context.ui.note("starting the network");
    let mut config = dev_config(&folder, args.farm_size.0, args.port)?;
    let operators = match args.byzantine {
        Some(lie) => {
            make_room_for(lie, &mut config.genesis.params);
            byzantine::undisputed()
        }
        None => Operators::dev(),
    };
    let network = Network::start(config.clone(), Some(operators)).await?;
    let mut dispute = match args.byzantine {
        Some(lie) => Some(Dispute::start(&context.ui, &network, &config, &folder, lie).await?),
        None => None,
    };
    announce(&context.ui, &network, &config.genesis, &folder, ephemeral);
    let ended = match &mut dispute {
        None => network.until_stopped().await,
        Some(dispute) => tokio::select! {
            ended = network.until_stopped() => ended,
            failed = dispute.watch() => failed,
        },
    };
    if let Some(dispute) = dispute {
        dispute.stop().await?;
    }
    farewell(&context.ui, network).await?;
    ended
}

/// The addresses under which the node answers.
pub(crate) fn endpoints(url: &str) -> Vec<(&'static str, String)> {
    let socket = url.replacen("http", "ws", 1);
    vec![
        ("explorer", format!("{url}/")),
        ("graphql", format!("{url}/graphql")),
        ("subscriptions", format!("{socket}/graphql/ws")),
        ("objects", format!("{url}/objects/HASH")),
        ("health", format!("{url}/health")),
        ("metrics", format!("{url}/metrics")),
    ]
}

/// The domains of a genesis by name and number, and how many operate them.
fn domains(genesis: &Genesis) -> String {
    let named = (1u32..).zip(genesis.domains.iter());
    let named: Vec<_> = named
        .map(|(number, domain)| format!("{} ({number})", String::from_utf8_lossy(&domain.config.name)))
        .collect();
    format!("{}, with {} operators", named.join(", "), genesis.operators.len())
}

fn announce(ui: &Ui, network: &Network, genesis: &Genesis, folder: &Path, ephemeral: bool) {
    let accounts: Vec<_> = DevAccount::all()
        .into_iter()
        .map(|account| (account.name(), account.pair().public_key().address()))
        .collect();
    let endpoints = endpoints(&network.url());
    let params = &genesis.params;
    if ui.json() {
        let accounts: Vec<_> = accounts
            .iter()
            .map(|(name, address)| json!({ "name": name, "address": address, "balance": DEV_BALANCE, "dev_only": true }))
            .collect();
        let endpoints: serde_json::Map<String, Value> =
            endpoints.into_iter().map(|(name, url)| (name.to_owned(), Value::from(url))).collect();
        let data = json!({
            "ready": true,
            "url": network.url(),
            "endpoints": endpoints,
            "accounts": accounts,
            "genesis": network.handle.genesis(),
            "params_hash": params.hash(),
            "params": params,
            "data": folder,
            "ephemeral": ephemeral,
        });
        ui.result(&data, "");
        return;
    }
    let rows: Vec<_> = accounts
        .iter()
        .map(|(name, address)| vec![(*name).to_owned(), address.to_string(), DEV_BALANCE.to_string()])
        .collect();
    ui.part("Accounts (for development only: everybody knows their secrets)");
    ui.part(&table(&["name", "address", "at genesis"], &rows));
    ui.part("\nEndpoints");
    let rows: Vec<_> = endpoints.into_iter().map(|(name, url)| vec![name.to_owned(), url]).collect();
    ui.part(&table(&[], &rows));
    ui.part("\nParameters");
    let (wins, slots) = params.slot_probability;
    let rows = [
        ("genesis", network.handle.genesis().to_string()),
        ("slot", format!("{} ms, {} AES iterations", params.slot_duration_ms, params.pot_iterations)),
        (
            "block",
            format!(
                "every {slots} slots for {wins} on average, at most {}",
                bytes(u64::from(params.block_bytes_max))
            ),
        ),
        ("confirmation", format!("{} blocks", params.confirmation_depth)),
        (
            "segment",
            format!(
                "{} pieces, closed after {} blocks",
                params.pieces_per_segment(),
                params.segment_blocks_max
            ),
        ),
        ("sector", format!("{} pieces, k = {}", params.pieces_in_sector, params.space_k)),
        ("domains", domains(genesis)),
        ("data", folder.display().to_string()),
    ];
    let rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    ui.part(&table(&[], &rows));
    ui.part("\nready");
}

/// Ends a network and says what it achieved.
pub(crate) async fn farewell(ui: &Ui, network: Network) -> Result<(), CliError> {
    let status = network.handle.status()?;
    let farms = network.handle.farms();
    let won: u64 = farms.iter().map(|farm| farm.blocks_won).sum();
    let ran = network.started.elapsed();
    network.stop().await;
    let minutes = Duration::from_secs(ran.as_secs()).as_secs();
    let text = format!(
        "stopped after {} min {} s at block {} (confirmed {}), {} segments archived, {won} blocks won",
        minutes / 60,
        minutes % 60,
        status.head.number,
        status.confirmed.number,
        status.history_size,
    );
    // A program that reads JSON has had its one line.
    if ui.json() {
        ui.note(&text)
    } else {
        ui.part(&text)
    }
    Ok(())
}
