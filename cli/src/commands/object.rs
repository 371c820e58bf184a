//! `auto object`: files on the chain.

mod plots;

pub(crate) use plots::fetch;

use super::transfer::Wait;
use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault};
use crate::ui::{Unit, table};
use crate::units::bytes;
use auto_core::Hash;
use auto_sdk::{Client, SdkError, Signer};
use clap::{Args, Subcommand};
use serde_json::json;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Store files on the chain, and get them back.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto object put photo.jpg --from alice
  auto object get 5f3a... -o photo.jpg")]
pub(crate) struct Object {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Store a file for ever, and print the hash under which it is found.
    #[command(
        after_help = "Examples:\n  auto object put photo.jpg --from alice\n  auto object put notes.txt --from savings --yes --wait confirmed --json"
    )]
    Put(Put),
    /// Get a file or an object by its hash, and check it.
    #[command(
        after_help = "Examples:\n  auto object get 5f3a... -o photo.jpg\n  auto object get 5f3a... --from-plots --data ~/.auto/dev -o photo.jpg"
    )]
    Get(Get),
    /// Show where an object is.
    #[command(after_help = "Examples:\n  auto object info 5f3a...\n  auto object info 5f3a... --json")]
    Info {
        /// The content hash.
        hash: Hash,
    },
}

/// Store a file for ever.
#[derive(Debug, Args)]
struct Put {
    /// The file.
    file: PathBuf,
    /// The account that pays.
    #[arg(long, value_name = "NAME")]
    from: String,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
    /// Show what it would cost, and send nothing.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    wait: Wait,
}

/// Get a file or an object by its hash.
#[derive(Debug, Args)]
struct Get {
    /// The content hash, of a file's manifest or of any object.
    hash: Hash,
    /// Where to write it [default: standard output].
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Use plotted sectors only, out of the folder of a stopped node.
    #[arg(long, requires = "data")]
    from_plots: bool,
    /// As --from-plots, and do without every source piece, which is half of each segment.
    #[arg(long, requires = "data")]
    without_source_pieces: bool,
    /// Folder of a stopped `auto dev`.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

/// Opens a regular file and tells its length.
fn open(path: &Path) -> Result<(std::fs::File, u64), CliError> {
    let file = std::fs::File::open(path).map_err(|error| file_fault("read", path, error))?;
    let data = file.metadata().map_err(|error| file_fault("read", path, error))?;
    if !data.is_file() {
        return Err(Fault::Usage(format!("{} is not a file", path.display())).into());
    }
    Ok((file, data.len()))
}

async fn put(context: &Context, args: Put) -> Result<(), CliError> {
    let (file, size) = open(&args.file)?;
    let name = args.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let client = context.client()?;
    let is_dev = client.status().await?.is_dev;
    let pair = context.signer(&args.from, is_dev)?;
    let (chain, account) = client.chain(&Signer::public_key(&pair).address()).await?;
    let (fee, transactions) = Client::upload_cost(&chain, size).ok_or(SdkError::TooLarge)?;
    let effect = format!("{name} ({}) in {transactions} transactions for about {fee}", bytes(size));
    if args.dry_run {
        let data = json!({ "dry_run": true, "size_bytes": size, "transactions": transactions, "fee": fee, "balance": account.balance });
        context.ui.result(&data, &format!("would store {effect}"));
        return Ok(());
    }
    if !args.yes && !is_dev {
        context.ui.confirm(&format!("Store {effect}?"))?;
    }
    let bar = context.ui.bar("storing", size, Unit::Bytes);
    let progress =
        |stored: u64| bar.at(stored.min(size), &format!("{} of {}", bytes(stored.min(size)), bytes(size)));
    let upload = client.upload(&pair, file, &name, args.wait.stage(), args.wait.timeout(), &progress).await?;
    bar.done();
    let data = json!({
        "hash": upload.root, "name": name, "size_bytes": size, "chunks": upload.manifest.chunks.len(),
        "fee": upload.fee, "transactions": upload.transactions, "reused_objects": upload.reused,
        "url": format!("{}/objects/{}", client.url(), upload.root),
    });
    context.ui.note(&format!(
        "stored {} in {} objects, fee {}",
        bytes(size),
        upload.manifest.chunks.len() + 1,
        upload.fee
    ));
    context.ui.result(&data, &upload.root.to_string());
    Ok(())
}

/// Writes a download to a file in one piece, or to standard output.
struct Sink<'a> {
    context: &'a Context,
    target: Option<(PathBuf, tempfile::NamedTempFile)>,
    held: Vec<u8>,
    written: u64,
}

impl<'a> Sink<'a> {
    fn new(context: &'a Context, output: Option<&Path>) -> Result<Self, CliError> {
        let target = match output {
            None => None,
            Some(path) => {
                let folder =
                    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
                let file = tempfile::NamedTempFile::new_in(folder)
                    .map_err(|error| file_fault("write to", folder, error))?;
                Some((path.to_owned(), file))
            }
        };
        Ok(Self { context, target, held: Vec::new(), written: 0 })
    }

    fn push(&mut self, part: &[u8]) -> Result<(), SdkError> {
        self.written = self.written.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
        match &mut self.target {
            None => {
                self.held.extend_from_slice(part);
                Ok(())
            }
            Some((path, file)) => file.write_all(part).map_err(|error| SdkError::Io {
                action: "write",
                path: path.display().to_string(),
                error,
            }),
        }
    }

    /// The file appears only now that all of it was checked.
    fn finish(self, hash: Hash, name: Option<&str>) -> Result<(), CliError> {
        let data = json!({
            "hash": hash, "size_bytes": self.written, "name": name,
            "file": self.target.as_ref().map(|(path, _)| path),
        });
        let Some((path, file)) = self.target else {
            if self.context.ui.json() {
                return Err(Fault::Usage("with --json name a file with --output".to_owned()).into());
            }
            return self.context.ui.bytes(&self.held).map_err(crate::error::internal);
        };
        file.persist(&path).map_err(|error| file_fault("write", &path, error.error))?;
        self.context.ui.result(&data, &format!("{} written to {}", bytes(self.written), path.display()));
        Ok(())
    }
}

async fn get(context: &Context, args: Get) -> Result<(), CliError> {
    if context.ui.json() && args.output.is_none() {
        return Err(Fault::Usage("with --json name a file with --output".to_owned()).into());
    }
    let mut sink = Sink::new(context, args.output.as_deref())?;
    if let Some(folder) = &args.data {
        let without = plots::withheld(args.from_plots, args.without_source_pieces);
        let manifest = tokio::task::block_in_place(|| {
            plots::read(context, folder, &args.hash, without, &mut |part: &[u8]| sink.push(part))
        })?;
        return sink.finish(args.hash, manifest.as_deref());
    }
    let client = context.client()?;
    let bar = std::sync::OnceLock::new();
    let mut done = 0u64;
    let manifest = client
        .download(&args.hash, &mut |part, total| {
            done = done.saturating_add(u64::try_from(part.len()).unwrap_or(u64::MAX));
            sink.push(part)?;
            let bar = bar.get_or_init(|| context.ui.bar("fetching", total, Unit::Bytes));
            bar.at(done, &format!("{} of {}", bytes(done), bytes(total)));
            Ok(())
        })
        .await?;
    if let Some(bar) = bar.get() {
        bar.done();
    }
    sink.finish(args.hash, manifest.as_ref().map(auto_sdk::FileManifest::name))
}

async fn info(context: &Context, hash: Hash) -> Result<(), CliError> {
    let info = context.client()?.object_info(&hash).await?;
    let info = info.ok_or_else(|| SdkError::NotFound { what: "object", key: hash.to_string() })?;
    let place = match (info.piece, info.offset) {
        (Some(piece), Some(offset)) => format!("archived in piece {piece} at offset {offset}"),
        _ => "in its block, not archived yet".to_owned(),
    };
    let rows = [
        ("hash", info.hash.to_string()),
        ("size", bytes(info.size_bytes)),
        ("stored in block", info.stored_at.to_string()),
        ("place", place),
    ];
    let rows: Vec<_> = rows.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect();
    context.ui.result(&info, &table(&[], &rows));
    Ok(())
}

pub(crate) async fn run(context: &Context, args: Object) -> Result<(), CliError> {
    match args.action {
        Action::Put(args) => put(context, args).await,
        Action::Get(args) => get(context, args).await,
        Action::Info { hash } => info(context, hash).await,
    }
}
