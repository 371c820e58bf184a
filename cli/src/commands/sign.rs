//! `auto sign`: who answers for a file, under which licence, and what it is made from.

use super::transfer::tell;
use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault};
use crate::session::{Sending, Session};
use auto_core::{Blob, Hash};
use auto_ledger::LedgerCall;
use auto_sdk::provenance::{Claim, Content, InNameOf, Licence, MAGIC, MediaType, Sealed, sign, verify};
use auto_sdk::{At, SdkError, Stage};
use autoid_core::{AutoId, GrantId};
use clap::Args;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How often it is looked whether operators vouch for a state.
const PAUSE: Duration = Duration::from_millis(500);

/// Sign a file, so that anybody can check who answers for it.
///
/// The manifest names the author, the agent that signs in its name, the licence, and what the file is made from. It
/// is stored on the chain as an object, which shows that it existed by then, and written to FILE.manifest. A proof
/// that needs no node is written to FILE.proof: keep it, for nodes forget the state that decides. The file itself is
/// not stored; `auto object put` does that.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto sign photo.jpg --as alice --licence CC-BY-4.0
  auto sign summary.md --agent writer --grant 5f3c... --parent report.pdf.manifest --from alice --json
  auto verify photo.jpg")]
pub(crate) struct Sign {
    /// The file.
    file: PathBuf,
    /// Who answers for it: an identity whose key is in the keystore.
    #[arg(long = "as", value_name = "NAME", required_unless_present = "agent", conflicts_with = "agent")]
    author: Option<String>,
    /// The agent that signs in the name of the grant's owner; its key is in the keystore.
    #[arg(long, value_name = "NAME", requires = "grant")]
    agent: Option<String>,
    /// The grant that lets the agent do content/sign; it is stored on the chain.
    #[arg(long, value_name = "GRANT", requires = "agent")]
    grant: Option<GrantId>,
    /// What it is made from: a manifest's file, or the BLAKE3 hash of a content; may be given several times.
    #[arg(long = "parent", value_name = "MANIFEST")]
    parents: Vec<String>,
    /// The licence, as an SPDX expression [default: all rights reserved].
    #[arg(long, value_name = "SPDX")]
    licence: Option<Licence>,
    /// What kind of content it is [default: by the name of the file].
    #[arg(long, value_name = "TYPE")]
    media_type: Option<MediaType>,
    /// Do not write a proof that needs no node.
    #[arg(long)]
    no_proof: bool,
    #[command(flatten)]
    sending: Sending,
}

/// A path with an ending added.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The content of a file.
pub(super) fn content(path: &Path) -> Result<Content, CliError> {
    let file = std::fs::File::open(path).map_err(|error| file_fault("read", path, error))?;
    if file.metadata().is_ok_and(|data| !data.is_file()) {
        return Err(Fault::Usage(format!("{} is not a file", path.display())).into());
    }
    Content::of_reader(file).map_err(|error| file_fault("read", path, error))
}

/// The content that a text names: by the file of its manifest, or by its hash.
pub(super) fn named(text: &str) -> Result<[u8; 32], CliError> {
    let path = Path::new(text);
    if !path.exists() {
        let hash: Option<Hash> = text.parse().ok();
        return Ok(hash.ok_or_else(|| Fault::NoFile(path.to_owned()))?.0);
    }
    let manifest = if begins_as_manifest(path)? { path.to_owned() } else { beside(path, ".manifest") };
    if manifest.exists() { Ok(sealed(&manifest)?.manifest().content) } else { Ok(content(path)?.hash) }
}

/// Whether a file begins as manifests do.
pub(super) fn begins_as_manifest(path: &Path) -> Result<bool, CliError> {
    use std::io::Read;
    let file = std::fs::File::open(path).map_err(|error| file_fault("read", path, error))?;
    let mut head = Vec::new();
    let read = file.take(u64::try_from(MAGIC.len()).unwrap_or_default()).read_to_end(&mut head);
    read.map_err(|error| file_fault("read", path, error))?;
    Ok(head == MAGIC)
}

/// The manifest in a file.
pub(super) fn sealed(path: &Path) -> Result<Sealed, CliError> {
    let bytes = std::fs::read(path).map_err(|error| file_fault("read", path, error))?;
    Ok(Sealed::from_bytes(&bytes).map_err(SdkError::from)?)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    std::fs::write(path, bytes).map_err(|error| file_fault("write", path, error))
}

/// Signs, and sees that it holds before anything is paid for.
async fn signed(
    session: &mut Session<'_>,
    args: &Sign,
    content: &Content,
) -> Result<(Sealed, String), CliError> {
    let name = args.author.as_ref().or(args.agent.as_ref());
    let name = name.ok_or_else(|| Fault::Usage("nobody signs: name the author with --as".to_owned()))?;
    let acting = match args.grant {
        None => None,
        Some(grant) => {
            let stored = auto_sdk::identity::grant::stored(&mut session.state, &grant).await?;
            Some(InNameOf { author: stored.grant.body().sub, grant })
        }
    };
    let file_name = args.file.to_string_lossy();
    let guessed = auto_sdk::media_type(&file_name).parse().unwrap_or_else(|_| MediaType::unknown());
    let claim = Claim {
        media_type: args.media_type.clone().unwrap_or(guessed),
        parents: args.parents.iter().map(|text| named(text)).collect::<Result<_, _>>()?,
        licence: args.licence.clone(),
    };
    let key = session.key(name).await?;
    let sealed = sign(&key, content, &claim, acting, session.state.point().time)?;
    verify(&mut session.state, &sealed, content).await?;
    Ok((sealed, name.clone()))
}

/// Waits until it holds by what operators vouch for, too: by that it is judged once it is stored.
async fn vouched(
    session: &Session<'_>,
    sealed: &Sealed,
    content: &Content,
    timeout: Duration,
) -> Result<(), CliError> {
    let until = Instant::now() + timeout;
    let mut told = false;
    loop {
        let mut state = session.there.state(At::Vouched).await?;
        match verify(&mut state, sealed, content).await {
            Err(SdkError::Provenance(_)) => {}
            judged => return Ok(judged.map(drop)?),
        }
        if Instant::now() >= until {
            let what = format!("a receipt of block {} of the domain", session.state.number());
            return Err(SdkError::Timeout { what, seconds: timeout.as_secs() }.into());
        }
        if !std::mem::replace(&mut told, true) {
            let wanted = session.state.number();
            session.context.ui.note(&format!(
                "waiting until operators vouch for what changed last: for block {} of the domain so far, not for {wanted}",
                state.number()
            ));
        }
        tokio::time::sleep(PAUSE).await;
    }
}

pub(crate) async fn run(context: &Context, args: &Sign) -> Result<(), CliError> {
    let (ui, sending) = (&context.ui, &args.sending);
    let content = content(&args.file)?;
    let mut session = Session::open(context, &sending.place).await?;
    let (sealed, signer) = signed(&mut session, args, &content).await?;
    let payer = session.payer(sending, &signer)?;
    vouched(&session, &sealed, &content, sending.wait.timeout()).await?;
    let client = session.there.client();
    let object = sealed.to_bytes();
    let data = Blob::new(object.clone()).map_err(|_| SdkError::TooLarge)?;
    let prepared = client.prepare(&payer, LedgerCall::Store { data }).await?;
    let fee = client.simulate(&prepared.signed).await?;
    let manifest = sealed.manifest();
    let did = |id: &AutoId| id.did(&manifest.network).to_string();
    let mut told = json!({
        "manifest": sealed.id().to_string(), "content": Hash(manifest.content), "size_bytes": manifest.size,
        "media_type": manifest.media_type.to_string(), "author": did(&manifest.author),
        "agent": manifest.acting.map(|acting| did(&acting.agent)),
        "grant": manifest.acting.map(|acting| acting.grant.to_string()),
        "parents": manifest.parents.iter().map(|hash| Hash(*hash)).collect::<Vec<_>>(),
        "licence": manifest.licence.as_ref().map(ToString::to_string),
        "object": Hash::of_object(&object), "fee": fee, "transaction": prepared.signed.hash(),
    });
    let author = session.called(&manifest.author);
    let effect = format!("{author} answers for {} for ever, for a fee of {fee}", args.file.display());
    if sending.dry_run {
        told["dry_run"] = json!(true);
        ui.result(&told, &format!("would sign: {effect}"));
        return Ok(());
    }
    ui.note(&effect);
    if !sending.yes && !session.is_dev {
        ui.confirm("Sign it?")?;
    }
    let until = sending.wait.stage().max(Stage::InBlock);
    let timeout = sending.wait.timeout();
    let receipt = client.send(&prepared.signed, until, timeout, &|stage| tell(ui, stage)).await?;
    told["block"] = json!(receipt.block);
    let path = beside(&args.file, ".manifest");
    write(&path, &object)?;
    told["file"] = json!(path);
    let mut lines = vec![sealed.id().to_string(), format!("the manifest is in {}", path.display())];
    if !args.no_proof {
        let path = beside(&args.file, ".proof");
        match session.there.attest(&prepared.signed, &sealed, &content).await {
            Ok(file) => {
                write(&path, file.to_text().as_bytes())?;
                told["proof"] = json!(path);
                lines
                    .push(format!("the proof is in {}; `auto verify` needs no node with it", path.display()));
            }
            // It is signed and stored all the same.
            Err(error) => ui.warn(&format!("there is no proof that needs no node: {error}")),
        }
    }
    ui.result(&told, &lines.join("\n"));
    Ok(())
}
