//! `auto id vc issue`.

use super::Signer;
use crate::commands::id::{did, now, read};
use crate::context::Context;
use crate::error::{CliError, Fault, internal};
use autoid_credentials::credential::{Contexts, issue};
use autoid_credentials::did::Relation;
use autoid_credentials::json::parse;
use autoid_credentials::{CredentialError, sd_jwt};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Sign a credential.
///
/// The file holds a credential of the W3C's data model 2.0 without a proof, whose issuer may be left out; or
/// with --sd-jwt the claims.
#[derive(Debug, Args)]
pub(super) struct Issue {
    /// The file, or - for standard input.
    file: PathBuf,
    #[command(flatten)]
    signer: Signer,
    /// Accept a context beside those of the data model.
    #[arg(long, value_name = "URL", conflicts_with = "sd_jwt")]
    context: Vec<String>,
    /// Issue an SD-JWT of this kind.
    #[arg(long, value_name = "KIND")]
    sd_jwt: Option<String>,
    /// JSON pointer of a claim that the holder may keep back.
    #[arg(long, value_name = "POINTER", requires = "sd_jwt")]
    hide: Vec<String>,
    /// DID of the holder, whose first key for authentication the SD-JWT is bound to.
    #[arg(long, value_name = "DID", requires = "sd_jwt")]
    holder: Option<String>,
}

pub(super) async fn run(context: &Context, args: &Issue) -> Result<(), CliError> {
    let value = parse(read(&args.file)?.as_bytes()).map_err(CredentialError::from)?;
    let Value::Object(mut members) = value else {
        return Err(Fault::Usage(format!("{} holds no JSON object", args.file.display())).into());
    };
    let (key, method) = did::signer(context, &args.signer.key, args.signer.r#as.as_deref())?;
    let Some(kind) = &args.sd_jwt else {
        members.entry("issuer").or_insert_with(|| json!(method.did().as_str()));
        let contexts = args.context.iter().fold(Contexts::default(), |known, url| known.with(url));
        let signed = issue(&Value::Object(members), &contexts, &key, &method, now()?)?;
        let text = serde_json::to_string_pretty(&signed).map_err(internal)?;
        context.ui.result(&signed, &text);
        return Ok(());
    };
    let holder = match &args.holder {
        None => None,
        Some(holder) => {
            let document = did::resolve(context, &holder.parse()?).await?;
            let mut keys = document.methods().values();
            let key = keys.find_map(|method| {
                method.key.filter(|_| method.relations.contains(&Relation::Authentication))
            });
            Some(key.ok_or_else(|| autoid_credentials::did::DidError::NoKey { id: holder.clone() })?)
        }
    };
    let hidden: Vec<_> = args.hide.iter().map(String::as_str).collect();
    let mut salts = vec![[0; 16]; hidden.len()];
    for salt in &mut salts {
        getrandom::fill(salt).map_err(internal)?;
    }
    let what = sd_jwt::Issue { kind, claims: &members, hidden: &hidden, holder: holder.as_ref() };
    // As many salts as claims to hide.
    let signed = sd_jwt::issue(&what, &key, &method, now()?, || salts.pop().unwrap_or_default())?;
    context.ui.result(&json!({ "sd_jwt": signed }), &signed);
    Ok(())
}
