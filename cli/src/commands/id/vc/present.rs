//! `auto id vc present`.

use super::{Asked, Signer, is_json};
use crate::commands::id::{did, now, read};
use crate::context::Context;
use crate::error::{CliError, Fault, internal};
use autoid_credentials::json::parse;
use autoid_credentials::{CredentialError, credential, sd_jwt};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;

/// Show credentials to a verifier who asked.
#[derive(Debug, Args)]
pub(super) struct Present {
    /// The credentials; one if it is an SD-JWT.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    #[command(flatten)]
    signer: Signer,
    /// JSON pointer of a claim of an SD-JWT to show; others stay hidden.
    #[arg(long, value_name = "POINTER")]
    show: Vec<String>,
    #[command(flatten)]
    asked: Asked,
}

pub(super) fn run(context: &Context, args: &Present) -> Result<(), CliError> {
    let (Some(audience), Some(nonce)) = (&args.asked.audience, &args.asked.nonce) else {
        return Err(Fault::Usage("say who asked what, with --audience and --nonce".to_owned()).into());
    };
    let texts = args.files.iter().map(|file| read(file)).collect::<Result<Vec<_>, _>>()?;
    let (key, method) = did::signer(context, &args.signer.key, args.signer.r#as.as_deref())?;
    if let [only] = texts.as_slice()
        && !is_json(only)
    {
        let answer = sd_jwt::Answer { key: &key, audience, nonce, now: now()? };
        let shown: Vec<_> = args.show.iter().map(String::as_str).collect();
        let presented = sd_jwt::present(only.trim(), &shown, Some(&answer))?;
        context.ui.result(&json!({ "sd_jwt": presented }), &presented);
        return Ok(());
    }
    if !args.show.is_empty() {
        return Err(Fault::Usage("--show is for an SD-JWT".to_owned()).into());
    }
    let credentials = texts.iter().map(|text| parse(text.as_bytes())).collect::<Result<Vec<_>, _>>();
    let credentials = credentials.map_err(CredentialError::from)?;
    let presented = credential::present(&credentials, nonce, audience, &key, &method, now()?)?;
    let text = serde_json::to_string_pretty(&presented).map_err(internal)?;
    context.ui.result(&presented, &text);
    Ok(())
}
