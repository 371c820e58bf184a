//! `auto verify` of a signed file.

use super::Verify;
use crate::commands::sign::{begins_as_manifest, beside, content, sealed};
use crate::context::{Context, read_text};
use crate::error::{CliError, Fault};
use crate::session::Session;
use crate::ui::table;
use auto_core::{BlockNumber, ErrorCode as _, Hash};
use auto_sdk::SdkError;
use auto_sdk::audit::Trusted;
use auto_sdk::provenance::{Content, ProvenanceFile, Sealed, Verified, verify};
use autoid_core::{Answerer, AutoId};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// A signed file, with what says so.
pub(super) struct Signed {
    content: PathBuf,
    manifest: Option<PathBuf>,
    proof: Option<PathBuf>,
}

/// The path without an ending.
fn without(path: &Path, ending: &str) -> Option<PathBuf> {
    path.to_str()?.strip_suffix(ending).map(PathBuf::from)
}

impl Signed {
    /// What is meant when it is a signed file, its manifest or its proof; nothing when it is none of them.
    pub(super) fn find(args: &Verify) -> Result<Option<Self>, CliError> {
        let is_manifest = args.file.exists() && begins_as_manifest(&args.file)?;
        let content = if is_manifest {
            let beside = args.content.clone().or_else(|| without(&args.file, ".manifest"));
            beside.ok_or_else(|| {
                Fault::Usage("this is a manifest: name the file that it is about with --content".to_owned())
            })?
        } else {
            args.file.clone()
        };
        let there = |path: PathBuf| Some(path).filter(|path| path.exists());
        let manifest = match &args.manifest {
            _ if is_manifest => Some(args.file.clone()),
            None => there(beside(&content, ".manifest")),
            given => given.clone(),
        };
        let proof = args.proof.clone().or_else(|| there(beside(&content, ".proof")));
        let found = manifest.is_some() || proof.is_some();
        Ok(found.then_some(Self { content, manifest, proof }))
    }

    /// What is meant by a proof's own file.
    pub(super) fn by_proof(args: &Verify) -> Result<Self, CliError> {
        let beside = args.content.clone().or_else(|| without(&args.file, ".proof"));
        let content = beside.ok_or_else(|| {
            Fault::Usage(
                "this is the proof of a signed file: name the file that it is about with --content"
                    .to_owned(),
            )
        })?;
        Ok(Self { content, manifest: args.manifest.clone(), proof: Some(args.file.clone()) })
    }
}

/// Whether a manifest would hold by the newest state.
struct Now {
    block: u64,
    refusal: Option<(&'static str, String)>,
}

/// What was found out.
struct Found {
    sealed: Sealed,
    verified: Verified,
    /// The consensus block that stored it; nothing when it was not stored.
    stored: Option<BlockNumber>,
    /// By what it is believed.
    by: String,
    proof: Value,
    now: Option<Now>,
}

fn rows(found: &Found, called: &dyn Fn(&AutoId) -> String) -> Vec<Vec<String>> {
    let (manifest, verified) = (found.sealed.manifest(), &found.verified);
    let way = |one: &Answerer| format!("{} ({}, {})", called(&one.id), one.kind.name(), one.status.name());
    let row = |name: &str, text: String| vec![name.to_owned(), text];
    let mut rows = vec![
        row("signed", "yes".to_owned()),
        row("manifest", found.sealed.id().to_string()),
        row("content", format!("{}, {} bytes", Hash(manifest.content), manifest.size)),
        row("kind", manifest.media_type.to_string()),
        row("answered for by", verified.answers.iter().map(way).collect::<Vec<_>>().join(" <- ")),
        row("signed by", format!("{}, key {}", called(&verified.signer), verified.key.kid)),
    ];
    rows.extend(verified.chain.iter().map(|grant| row("under grant", grant.to_string())));
    let licence = manifest.licence.as_ref().map_or("all rights reserved".to_owned(), ToString::to_string);
    rows.push(row("licence", licence));
    rows.extend(manifest.parents.iter().map(|parent| row("made from", Hash(*parent).to_string())));
    rows.push(row("made at", format!("{}, as whoever signed says", manifest.made_at)));
    rows.push(row("stored", found.stored.map_or("no".to_owned(), |block| format!("in block {block}"))));
    rows.push(row("proven", found.by.clone()));
    if let Some(Now { block, refusal }) = &found.now {
        let now = refusal.as_ref().map_or_else(
            || format!("holds as of block {block} of the domain"),
            |(code, reason)| format!("not as of block {block} of the domain: {reason} [{code}]"),
        );
        rows.push(row("now", now));
    }
    rows
}

fn data(found: &Found) -> Value {
    let (manifest, verified) = (found.sealed.manifest(), &found.verified);
    let did = |id: &AutoId| id.did(&manifest.network).to_string();
    let answers = verified.answers.iter();
    json!({
        "signed": true, "manifest": found.sealed.id().to_string(), "content": Hash(manifest.content),
        "size_bytes": manifest.size, "media_type": manifest.media_type.to_string(),
        "author": did(&manifest.author), "signer": did(&verified.signer), "key": verified.key.kid,
        "agent": manifest.acting.map(|acting| did(&acting.agent)),
        "grants": verified.chain.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "answers": answers.map(|one| json!({
            "id": one.id.to_string(), "kind": one.kind.name(), "status": one.status.name(),
        })).collect::<Vec<_>>(),
        "licence": manifest.licence.as_ref().map(ToString::to_string),
        "parents": manifest.parents.iter().map(|hash| Hash(*hash)).collect::<Vec<_>>(),
        "made_at": manifest.made_at.0, "stored": found.stored, "domain_block": verified.at.block,
        "proof": found.proof,
        "now": found.now.as_ref().map(|now| json!({
            "domain_block": now.block, "holds": now.refusal.is_none(), "code": now.refusal.as_ref().map(|(code, _)| code),
        })),
    })
}

/// Checks it without a node.
fn offline(context: &Context, args: &Verify, signed: &Signed, path: &Path) -> Result<Found, CliError> {
    let file = ProvenanceFile::parse(&read_text(path)?)?;
    if let Some(path) = &signed.manifest
        && sealed(path)? != file.sealed()?
    {
        let reason = format!("it is of another manifest than {}", path.display());
        return Err(SdkError::Proof(reason).into());
    }
    let trusted = Trusted { block_hash: args.block_hash, head: None };
    let found = file.verify(&content(&signed.content)?, &trusted)?;
    if args.block_hash.is_none() {
        context.ui.note(&format!("The proof holds if you trust the block hash {}.", found.block_hash));
    }
    let confirmed = if found.is_confirmed { "confirmed" } else { "not confirmed yet" };
    let by = format!(
        "for block {} of domain {}, {confirmed}, by consensus block {} ({})",
        found.verified.at.block, found.domain, found.stored, found.block_hash
    );
    let proof = json!({
        "offline": true, "block": found.stored, "block_hash": found.block_hash, "pinned": found.is_pinned,
        "confirmed": found.is_confirmed,
    });
    Ok(Found {
        stored: Some(found.stored),
        sealed: found.sealed,
        verified: found.verified,
        by,
        proof,
        now: None,
    })
}

/// What the state of the block that decides says, and that of the newest one.
async fn online(session: &mut Session<'_>, sealed: Sealed, content: &Content) -> Result<Found, CliError> {
    let object = Hash::of_object(&sealed.to_bytes());
    let stored = session.there.client().object_info(&object).await?.map(|info| info.stored_at);
    let newest = verify(&mut session.state, &sealed, content).await;
    let block = session.state.number().0;
    let refusal = match &newest {
        Ok(_) => None,
        Err(SdkError::Provenance(error)) => Some((error.code(), error.to_string())),
        Err(_) => return Err(newest.err().map_or_else(|| crate::error::internal("no error"), Into::into)),
    };
    let now = Some(Now { block, refusal });
    let found = |verified, by: String| Found {
        sealed: sealed.clone(),
        verified,
        stored,
        by,
        proof: json!({ "offline": false }),
        now,
    };
    let Some(stored) = stored else {
        session.context.ui.note("It was not stored on the chain, so nothing shows since when it exists.");
        return Ok(found(newest?, format!("by block {block} of the domain, the newest, on the node's word")));
    };
    let Some(mut state) = session.there.as_of(stored).await? else {
        session.context.ui.note(
            "The node keeps no state from when it was stored, so the newest one decides; `auto sign` left a .proof that shows more.",
        );
        return Ok(found(newest?, format!("by block {block} of the domain, the newest, on the node's word")));
    };
    let verified = verify(&mut state, &sealed, content).await?;
    let number = state.number();
    let by = match state.anchor() {
        Some(anchor) => format!(
            "for block {number} of the domain, by consensus block {} ({})",
            anchor.block(),
            anchor.block_hash()
        ),
        None => format!("by block {number} of the domain, on the node's word"),
    };
    Ok(found(verified, by))
}

pub(super) async fn run(context: &Context, args: &Verify, signed: Signed) -> Result<(), CliError> {
    if let Some(path) = &signed.proof {
        let found = offline(context, args, &signed, path)?;
        let network = found.sealed.network();
        let rows = rows(&found, &|id| id.did(&network).to_string());
        context.ui.result(&data(&found), &table(&[], &rows));
        return Ok(());
    }
    if args.block_hash.is_some() {
        return Err(Fault::Usage("--block-hash is for proofs, and there is no proof here".to_owned()).into());
    }
    let missing = || Fault::NoManifest(signed.content.clone());
    let sealed = sealed(signed.manifest.as_deref().ok_or_else(missing)?)?;
    let content = content(&signed.content)?;
    let mut session = Session::open(context, &args.place).await?;
    let found = online(&mut session, sealed, &content).await?;
    let rows = rows(&found, &|id| session.called(id));
    context.ui.result(&data(&found), &table(&[], &rows));
    Ok(())
}
