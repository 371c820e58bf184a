//! `auto farm`: a node that farms, and care for its plots.

mod bench;
mod status;

use super::node::{ChainArgs, Duties, OperatorArgs, reward, serve};
use crate::context::{Context, genesis};
use crate::error::{CliError, Fault, internal};
use crate::network::{extension, farm_key};
use crate::ui::table;
use crate::units::{Size, bytes};
use auto_core::{Genesis, Hash, SectorIndex};
use auto_farmer::{Farm as Plot, FarmConfig, FarmSpec, PLOT_FILE};
use auto_node::{Chain, Retention};
use auto_store::MemoryStore;
use clap::{Args, Subcommand};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Run a node that farms, or look after a farm.
///
/// Without a subcommand it runs a node with the farms of --path, that also keeps time.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  auto farm --path /disk1/farm,size=100GiB --reward savings
  auto farm --path /disk1/farm,size=100GiB --path /disk2/farm,size=1TiB --no-timekeeper
  auto farm --path /disk1/farm,size=100GiB --reward savings --operator laptop --reporter savings
  auto farm status
  auto farm scrub --path /disk1/farm --dry-run"
)]
pub(crate) struct Farm {
    #[command(subcommand)]
    action: Option<Action>,
    #[command(flatten)]
    chain: ChainArgs,
    /// Folder and size of a farm; may be given several times.
    #[arg(long, value_name = "DIR,size=SIZE", required = true)]
    path: Vec<FarmSpec>,
    /// Who is paid for blocks: an address, or the name of an account.
    #[arg(long, value_name = "ACCOUNT")]
    reward: Option<String>,
    /// Do not compute proof of time; another node of the network has to.
    #[arg(long)]
    no_timekeeper: bool,
    #[command(flatten)]
    operators: OperatorArgs,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Show the farms of the running node: sectors, speed, blocks won and missed.
    #[command(after_help = "Examples:\n  auto farm status\n  auto farm status --json")]
    Status,
    /// Read a stopped farm back and compare it with its checksums.
    #[command(
        after_help = "Examples:\n  auto farm scrub --path /disk1/farm --dry-run\n  auto farm scrub --path /disk1/farm"
    )]
    Scrub(Scrub),
    /// Measure whether a stopped farm answers in time.
    #[command(
        after_help = "Examples:\n  auto farm bench --path /disk1/farm\n  auto farm bench --path ./dev/farm --json"
    )]
    Bench(bench::FarmBench),
}

/// Read a stopped farm back and compare it with its checksums.
#[derive(Debug, Args)]
struct Scrub {
    #[command(flatten)]
    plot: PlotArgs,
    /// Only look: quarantine nothing.
    #[arg(long)]
    dry_run: bool,
}

/// A plot whose node does not run.
#[derive(Debug, Args)]
pub(crate) struct PlotArgs {
    /// Folder of the farm.
    #[arg(long, value_name = "DIR")]
    path: PathBuf,
    /// Genesis file [default: the one beside the farm, else that of the development network].
    #[arg(long, value_name = "FILE")]
    genesis: Option<PathBuf>,
}

/// Hash of the genesis block of a genesis.
fn genesis_hash(genesis: &Genesis) -> Result<Hash, CliError> {
    Ok(Chain::open(Arc::new(MemoryStore::new()), genesis, extension(), Retention::default())?.genesis_hash())
}

fn check_there(folder: &Path) -> Result<(), CliError> {
    let plot = folder.join(PLOT_FILE);
    if plot.exists() { Ok(()) } else { Err(Fault::NoFile(plot).into()) }
}

impl PlotArgs {
    /// Opens the plot as it is.
    fn open(&self) -> Result<Plot, CliError> {
        check_there(&self.path)?;
        let folder = self.path.parent().unwrap_or(&self.path);
        let genesis = genesis(self.genesis.as_deref(), folder)?;
        Ok(Plot::open_or_create(&FarmConfig {
            path: self.path.clone(),
            size: None,
            public_key: farm_key(&self.path)?.public_key(),
            genesis: genesis_hash(&genesis)?,
            params: genesis.params,
            first_sector: SectorIndex(0),
            threads: 0,
            directory_memory: FarmConfig::DIRECTORY_MEMORY,
        })?)
    }
}

fn scrub(context: &Context, args: &Scrub) -> Result<(), CliError> {
    let plot = args.plot.open()?;
    context.ui.note("reading every plotted sector");
    let report = plot.scrub(args.dry_run, &AtomicBool::new(false)).map_err(CliError::from)?;
    let mut rows = vec![
        vec!["sectors read".to_owned(), report.checked.to_string()],
        vec!["read".to_owned(), bytes(report.bytes_read)],
        vec!["damaged".to_owned(), report.damaged.len().to_string()],
    ];
    for (sector, part) in &report.damaged {
        rows.push(vec![format!("sector {sector}"), part.name().to_owned()]);
    }
    let advice = match (report.damaged.is_empty(), args.dry_run) {
        (true, _) => "All is well.",
        (false, true) => "Run it without --dry-run to quarantine these sectors; they are then plotted anew.",
        (false, false) => "These sectors are quarantined and are plotted anew when the node runs.",
    };
    context.ui.result(&report, &format!("{}\n{advice}", table(&[], &rows)));
    Ok(())
}

pub(crate) async fn run(context: &Context, args: Farm) -> Result<(), CliError> {
    match args.action {
        Some(Action::Status) => status::run(context).await,
        Some(Action::Scrub(scrub_args)) => tokio::task::block_in_place(|| scrub(context, &scrub_args)),
        Some(Action::Bench(bench_args)) => tokio::task::block_in_place(|| bench::run(context, &bench_args)),
        None => {
            let to = reward(context, args.reward.as_deref(), &args.chain, true)?;
            let sizes: u64 = args.path.iter().map(|farm| farm.size).fold(0, u64::saturating_add);
            context.ui.note(&format!("farming {} for {to}", Size(sizes)));
            let duties = Duties {
                farms: args.path,
                reward: to,
                timekeeper: !args.no_timekeeper,
                operators: (!args.operators.is_empty()).then_some(args.operators),
            };
            serve(context, args.chain, duties).await
        }
    }
}

/// Median and 99th percentile of milliseconds.
pub(super) fn percentiles(mut times: Vec<f64>) -> Result<(f64, f64), CliError> {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len().saturating_sub(1) * share / 100).copied();
    at(50).zip(at(99)).ok_or_else(|| internal("nothing was measured"))
}
