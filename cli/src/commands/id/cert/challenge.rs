//! `auto id cert challenge` and `request`.
//!
//! The issuer keeps what it asked until it is answered, in a file of its own below the home folder: that is how a
//! request is good once, and for nobody else. The holder gets a copy.

use crate::commands::id::read_at_most;
use crate::commands::wallet::write_private;
use crate::context::{Context, file_fault};
use crate::error::{CliError, Fault, internal};
use crate::session::{Place, Session};
use autoid_certificates::{Challenge, IssueError, Pem, read_request, request};
use autoid_core::{AutoId, Genesis, PublicKey};
use clap::Args;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What the field `kind` of a challenge says.
const KIND: &str = "certificate-challenge";
/// Most bytes of a challenge or request that are worth reading.
const FILE_BYTES_MAX: u64 = 32 << 10;
/// The folder of challenges that were not answered yet.
const FOLDER: &str = "challenges";

/// Ask an identity under yours for a request.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id cert challenge api --as acme --out challenge.json
  auto id cert challenge did:auto:1f2e3d4c:z6Mk... --as acme --out challenge.json --json")]
pub(super) struct Ask {
    /// Who is to answer: a name here, DID, id or alias.
    name: String,
    /// Who asks, and is going to issue the certificate.
    #[arg(long = "as", value_name = "ISSUER")]
    issuer: String,
    /// The file that is given to the holder; it must not exist.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Ask for a certificate.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto id cert request api --challenge challenge.json --out api.csr
  auto id cert request api --challenge challenge.json --out api.csr --json")]
pub(super) struct Answer {
    /// Who asks, whose key is in the keystore.
    name: String,
    /// The issuer's challenge.
    #[arg(long, value_name = "FILE")]
    challenge: PathBuf,
    /// The file of the request; it must not exist.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    format: u32,
    kind: String,
    network: String,
    issuer: String,
    holder: String,
    nonce: String,
}

fn to_text(challenge: &Challenge) -> String {
    let written = Written {
        format: 1,
        kind: KIND.to_owned(),
        network: challenge.genesis.to_string(),
        issuer: challenge.issuer.to_string(),
        holder: challenge.holder.to_string(),
        nonce: hex::encode(challenge.nonce),
    };
    format!("{}\n", serde_json::to_string_pretty(&written).unwrap_or_default())
}

fn parse(path: &Path) -> Result<Challenge, CliError> {
    let text = read_at_most(path, FILE_BYTES_MAX)?;
    let wrong = |why: &str| Fault::Usage(format!("{} is no challenge: {why}", path.display()));
    let written: Written = serde_json::from_str(&text).map_err(|error| wrong(&error.to_string()))?;
    if written.format != 1 || written.kind != KIND {
        return Err(wrong("it is of another format or kind").into());
    }
    let (mut genesis, mut nonce) = (Genesis([0; 32]), [0; 16]);
    let id = |text: &str| text.parse::<AutoId>().map_err(|_| wrong("it names no identity"));
    let digits = hex::decode_to_slice(&written.network, &mut genesis.0)
        .and_then(|()| hex::decode_to_slice(&written.nonce, &mut nonce));
    digits.map_err(|error| wrong(&error.to_string()))?;
    Ok(Challenge { genesis, issuer: id(&written.issuer)?, holder: id(&written.holder)?, nonce })
}

/// A new challenge.
pub(super) fn drawn(genesis: Genesis, issuer: AutoId, holder: AutoId) -> Result<Challenge, CliError> {
    let mut nonce = [0; 16];
    getrandom::fill(&mut nonce).map_err(internal)?;
    Ok(Challenge { genesis, issuer, holder, nonce })
}

pub(super) async fn ask(context: &Context, args: &Ask) -> Result<(), CliError> {
    let mut session = Session::open(context, &args.place).await?;
    let (holder, issuer) = (session.identity(&args.name).await?, session.identity(&args.issuer).await?);
    let parent = session.record(&holder).await?.parent.unwrap_or(holder);
    if parent != issuer {
        return Err(Fault::NotIssuer { holder: args.name.clone(), issuer: session.called(&parent) }.into());
    }
    let challenge = drawn(session.state.network(), issuer, holder)?;
    let text = to_text(&challenge);
    write_private(&args.out, &text)?;
    let folder = context.folder(FOLDER);
    std::fs::create_dir_all(&folder).map_err(|error| file_fault("create", &folder, error))?;
    write_private(&folder.join(format!("{}.json", challenge.text())), &text)?;
    let data = json!({ "issuer": issuer.to_string(), "holder": holder.to_string(), "file": args.out });
    let name = session.called(&holder);
    let next = format!("auto id cert request {name} --challenge {} --out {name}.csr", args.out.display());
    context.ui.result(&data, &format!("written to {}; whoever has {name} runs `{next}`", args.out.display()));
    Ok(())
}

pub(super) async fn answer(context: &Context, args: &Answer) -> Result<(), CliError> {
    let challenge = parse(&args.challenge)?;
    let mut session = Session::open(context, &args.place).await?;
    if challenge.genesis != session.state.network() {
        return Err(autoid_core::Refusal::Network.into());
    }
    let key = session.key(&args.name).await?;
    if key.id() != challenge.holder {
        let asked = session.called(&challenge.holder);
        return Err(Fault::Usage(format!("the challenge is for {asked}, not for {}", args.name)).into());
    }
    let der = request(&challenge, &key)?;
    write_private(&args.out, &Pem::Request.encode(&der))?;
    let data = json!({
        "issuer": challenge.issuer.to_string(), "holder": challenge.holder.to_string(), "key": key.number(),
        "file": args.out,
    });
    let issuer = session.called(&challenge.issuer);
    context.ui.result(&data, &format!("written to {}; give it to {issuer}", args.out.display()));
    Ok(())
}

/// The key that a request asks a certificate for, and the file of the challenge that it answers. Whoever issues the
/// certificate removes that file.
pub(super) fn answered(
    context: &Context,
    path: &Path,
    (issuer, holder): (&AutoId, &AutoId),
) -> Result<(PublicKey, PathBuf), CliError> {
    let text = read_at_most(path, FILE_BYTES_MAX)?;
    let none = || IssueError::Malformed(format!("{} holds no block of PEM of one", path.display()));
    let der = Pem::Request.decode(&text).ok_or_else(none)?;
    let folder = context.folder(FOLDER);
    let files = std::fs::read_dir(&folder).map_or_else(|_| Vec::new(), |files| files.flatten().collect());
    for file in files {
        let Ok(open) = parse(&file.path()) else { continue };
        if open.issuer != *issuer || open.holder != *holder {
            continue;
        }
        match read_request(&der, &open) {
            Err(IssueError::Challenge) => {}
            read => return Ok((read?, file.path())),
        }
    }
    Err(IssueError::Challenge.into())
}
