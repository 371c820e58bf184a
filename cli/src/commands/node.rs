//! `auto node` and `auto timekeeper`: a node on a chain of one's choice.

mod operators;

pub(crate) use operators::OperatorArgs;

use super::dev::{dev_reward, endpoints, farewell};
use crate::context::{Context, genesis};
use crate::error::{CliError, Fault};
use crate::network::{Network, NetworkConfig};
use crate::ui::table;
use auto_core::Address;
use auto_farmer::FarmSpec;
use clap::Args;
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

/// Run a node.
///
/// It follows the chain and its domains, keeps its history readable, and serves the API. With --operator it
/// takes part in the domains for which these operators are registered. Ctrl-C ends it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto node --data ./chain
  auto node --data ./chain --timekeeper --farm path=/disk1/farm,size=100GiB --reward savings
  auto node --data ./chain --operator laptop --reporter savings
  auto node --genesis genesis.json --data ./chain --port 9000")]
pub(crate) struct NodeArgs {
    #[command(flatten)]
    chain: ChainArgs,
    /// Compute proof of time.
    #[arg(long)]
    timekeeper: bool,
    /// Farm in a folder; may be given several times.
    #[arg(long, value_name = "path=DIR,size=SIZE")]
    farm: Vec<FarmSpec>,
    /// Who is paid for blocks: an address, or the name of an account.
    #[arg(long, value_name = "ACCOUNT")]
    reward: Option<String>,
    #[command(flatten)]
    operators: OperatorArgs,
}

/// Run a node that keeps time and does not farm.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto timekeeper --data ./chain
  auto timekeeper --genesis genesis.json --data ./chain --port 9000")]
pub(crate) struct TimekeeperArgs {
    #[command(flatten)]
    chain: ChainArgs,
}

/// Which chain, where it is kept, and where the API is.
#[derive(Debug, Args)]
pub(crate) struct ChainArgs {
    /// Folder of the chain [default: ~/.auto/node].
    #[arg(long, value_name = "DIR")]
    pub(crate) data: Option<PathBuf>,
    /// Genesis file [default: the one in the data folder, else that of the development network].
    #[arg(long, value_name = "FILE")]
    pub(crate) genesis: Option<PathBuf>,
    /// Port of the API; 0 takes any free one.
    #[arg(long, default_value_t = 8700)]
    port: u16,
    /// Address of this machine to listen on; others than 127.0.0.1 let the network in.
    #[arg(long, value_name = "IP", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    listen: IpAddr,
}

/// The account that is paid; a development network has one of its own.
pub(crate) fn reward(
    context: &Context,
    named: Option<&str>,
    chain: &ChainArgs,
    farms: bool,
) -> Result<Address, CliError> {
    match named {
        Some(name) => context.address(name),
        None if chain.genesis.is_none() || !farms => Ok(dev_reward()),
        None => Err(Fault::Usage("name the account that is paid for blocks with --reward".to_owned()).into()),
    }
}

/// What a node does beside following its chain.
#[derive(Debug)]
pub(crate) struct Duties {
    pub(crate) farms: Vec<FarmSpec>,
    /// Who is paid for blocks.
    pub(crate) reward: Address,
    pub(crate) timekeeper: bool,
    /// What it does for the domains; without it, it does not follow them.
    pub(crate) operators: Option<OperatorArgs>,
}

/// Runs a node until it is asked to end.
pub(crate) async fn serve(context: &Context, chain: ChainArgs, duties: Duties) -> Result<(), CliError> {
    let Duties { farms, reward, timekeeper, operators } = duties;
    let folder = chain.data.unwrap_or_else(|| context.folder("node"));
    let genesis = genesis(chain.genesis.as_deref(), &folder)?;
    // Before the folders are opened: a password may be wrong.
    let operators = operators.map(|operators| operators.unlock(context, &genesis)).transpose()?;
    let config = NetworkConfig {
        genesis,
        data: folder.join("chain"),
        farms,
        reward,
        timekeeper,
        addr: SocketAddr::new(chain.listen, chain.port),
    };
    context.ui.note("opening the chain and the farms");
    let network = Network::start(config.clone(), operators).await?;
    let endpoints = endpoints(&network.url());
    let data = json!({
        "ready": true,
        "url": network.url(),
        "endpoints": endpoints.iter().map(|(name, url)| ((*name).to_owned(), Value::from(url.as_str()))).collect::<serde_json::Map<_, _>>(),
        "genesis": network.handle.genesis(),
        "params_hash": config.genesis.params.hash(),
        "data": config.data,
        "farms": config.farms.iter().map(|farm| json!({ "path": farm.path, "size_bytes": farm.size })).collect::<Vec<_>>(),
        "reward": (!config.farms.is_empty()).then_some(reward),
        "timekeeper": timekeeper,
        "operators": operators::json(&network.handle),
    });
    let mut rows: Vec<_> = endpoints.into_iter().map(|(name, url)| vec![name.to_owned(), url]).collect();
    rows.push(vec!["genesis".to_owned(), network.handle.genesis().to_string()]);
    rows.push(vec!["data".to_owned(), config.data.display().to_string()]);
    for farm in &config.farms {
        rows.push(vec!["farm".to_owned(), farm.path.display().to_string()]);
    }
    rows.extend(operators::rows(&network.handle));
    context.ui.result(&data, &format!("{}\nready", table(&[], &rows)));
    let ended = tokio::select! {
        ended = network.until_stopped() => ended,
        failed = operators::tell(&context.ui, &network.handle) => failed,
    };
    farewell(&context.ui, network).await?;
    ended
}

pub(crate) async fn run(context: &Context, args: NodeArgs) -> Result<(), CliError> {
    let reward = reward(context, args.reward.as_deref(), &args.chain, !args.farm.is_empty())?;
    let (farms, timekeeper) = (args.farm, args.timekeeper);
    serve(context, args.chain, Duties { farms, reward, timekeeper, operators: Some(args.operators) }).await
}

pub(crate) async fn keep_time(context: &Context, args: TimekeeperArgs) -> Result<(), CliError> {
    let duties = Duties { farms: Vec::new(), reward: dev_reward(), timekeeper: true, operators: None };
    serve(context, args.chain, duties).await
}
