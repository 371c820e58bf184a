//! `auto id vc verify`.

use super::{Asked, is_json};
use crate::commands::id::{STDIN, did, now, read};
use crate::context::Context;
use crate::error::{CliError, Fault};
use crate::ui::table;
use autoid_credentials::CredentialError;
use autoid_credentials::credential::{Contexts, Credential, Presentation, Verified};
use autoid_credentials::json::parse;
use autoid_credentials::sd_jwt::{Question, SdJwt};
use autoid_credentials::status::StatusList;
use autoid_credentials::status::token::{TokenList, UncheckedList};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;

/// Check a credential or a presentation.
///
/// A credential that names a status list is accepted only with that list, which is not fetched.
#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The file, or - for standard input.
    #[arg(default_value = STDIN)]
    file: PathBuf,
    #[command(flatten)]
    asked: Asked,
    /// Greatest age of the answer of an SD-JWT's holder, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    max_age: u32,
    /// A status list: a credential or a token.
    #[arg(long, value_name = "FILE")]
    status: Vec<PathBuf>,
    /// Accept a context beside those of the data model.
    #[arg(long, value_name = "URL")]
    context: Vec<String>,
}

/// Lists that were verified.
#[derive(Default)]
struct Lists {
    bitstring: Vec<StatusList>,
    token: Vec<TokenList>,
}

pub(super) async fn run(context: &Context, args: &Verify) -> Result<(), CliError> {
    let text = read(&args.file)?;
    let now = now()?;
    let contexts = args.context.iter().fold(Contexts::default(), |known, url| known.with(url));
    let lists = lists(context, args, &contexts, now).await?;
    let seen = if is_json(&text) {
        embedded(context, args, &text, &contexts, &lists, now).await?
    } else {
        token(context, args, text.trim(), &lists, now).await?
    };
    let rows = seen.iter().flat_map(|seen| {
        let row = |name: &str| {
            let value = match &seen[name] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            vec![name.to_owned(), value]
        };
        ["verified", "issuer", "claims"].map(row)
    });
    let text = table(&[], &rows.collect::<Vec<_>>());
    context.ui.result(&json!({ "credentials": seen }), &text);
    Ok(())
}

async fn lists(context: &Context, args: &Verify, contexts: &Contexts, now: i64) -> Result<Lists, CliError> {
    let mut lists = Lists::default();
    for file in &args.status {
        let text = read(file)?;
        if is_json(&text) {
            let list = Credential::parse_list(text.as_bytes(), contexts)?;
            let issuer = did::resolve(context, list.issuer()).await?;
            lists.bitstring.push(StatusList::of(&list.verify(&issuer, now)?)?);
        } else {
            let list = UncheckedList::parse(text.trim())?;
            let issuer = did::resolve(context, list.issuer()).await?;
            lists.token.push(list.verify(&issuer, now)?);
        }
    }
    Ok(lists)
}

/// Credentials and presentations with an embedded proof.
async fn embedded(
    context: &Context,
    args: &Verify,
    text: &str,
    contexts: &Contexts,
    lists: &Lists,
    now: i64,
) -> Result<Vec<Value>, CliError> {
    let value = parse(text.as_bytes()).map_err(CredentialError::from)?;
    let credentials = if value.get("verifiableCredential").is_some() {
        let (Some(audience), Some(nonce)) = (&args.asked.audience, &args.asked.nonce) else {
            return Err(Fault::Usage(
                "a presentation answers a question: say which, with --audience and --nonce".to_owned(),
            )
            .into());
        };
        let presentation = Presentation::parse(text.as_bytes(), contexts)?;
        let holder = did::resolve(context, presentation.holder()).await?;
        presentation.verify(&holder, nonce, audience, now)?
    } else {
        if args.asked.nonce.is_some() {
            return Err(CredentialError::Unbound.into());
        }
        vec![Credential::parse(text.as_bytes(), contexts)?]
    };
    let mut seen = Vec::new();
    for credential in credentials {
        let issuer = did::resolve(context, credential.issuer()).await?;
        let verified: Verified = credential.verify(&issuer, now)?;
        verified.check_status(&lists.bitstring)?;
        let claims = &verified.json()["credentialSubject"];
        seen.push(json!({ "verified": true, "issuer": verified.issuer().as_str(), "claims": claims }));
    }
    Ok(seen)
}

async fn token(
    context: &Context,
    args: &Verify,
    text: &str,
    lists: &Lists,
    now: i64,
) -> Result<Vec<Value>, CliError> {
    let question = match (&args.asked.audience, &args.asked.nonce) {
        (Some(audience), Some(nonce)) => {
            Question::Asked { audience, nonce, max_age: i64::from(args.max_age) }
        }
        _ => Question::Own,
    };
    let credential = SdJwt::parse(text)?;
    let issuer = did::resolve(context, credential.issuer()).await?;
    let claims = credential.verify(&issuer, now, &question)?;
    claims.check_status(&lists.token)?;
    if question == Question::Own {
        context.ui.warn("whether its holder showed it was not asked; do so with --audience and --nonce");
    }
    let seen = json!({ "verified": true, "issuer": claims.issuer().as_str(), "kind": claims.kind(), "claims": claims.claims() });
    Ok(vec![seen])
}
