//! `auto operator register`: becoming an operator.

use super::domain;
use super::send::{Request, Sending, Session};
use crate::context::Context;
use crate::error::{CliError, internal};
use auto_core::{Amount, DomainId};
use auto_sdk::domains::{OperatorTerms, register_operator};
use auto_sdk::{DevAccount, KdfCost, KeyError, OperatorPair, Secret, Stage};
use clap::Args;
use serde_json::json;

/// Become an operator of a domain.
///
/// The stake comes from the account; a fifth of it becomes the storage fund that pays for bundles. The
/// operator has a key of its own, which signs bundles and moves no money: it is kept encrypted beside the
/// accounts, and made when there is none of its name. A development account has one for every domain.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  auto operator register --domain identity --stake 1000 --from alice
  auto operator register --domain 2 --stake 500 --tax 10 --nomination-min 5 --from savings --key laptop
  auto operator register --domain ai --stake 100 --from savings --dry-run --json")]
pub(super) struct Register {
    /// The domain, by name or number.
    #[arg(long)]
    domain: String,
    /// What is staked in AI3, storage fund included.
    #[arg(long, value_name = "AMOUNT")]
    stake: Amount,
    /// The least that others may add, in AI3.
    #[arg(long, value_name = "AMOUNT", default_value = "1")]
    nomination_min: Amount,
    /// The operator's share of its nominators' rewards.
    #[arg(long, value_name = "PERCENT", default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=100))]
    tax: u8,
    /// Name of the operator's key [default: the name of the account].
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    #[command(flatten)]
    sending: Sending,
}

/// The operator's key, and the name it is kept under; none for a development account's own.
fn key(
    session: &Session<'_>,
    args: &Register,
    domain: DomainId,
) -> Result<(OperatorPair, Option<String>), CliError> {
    if let (None, Some(account)) = (&args.key, DevAccount::named(&args.sending.from)) {
        return Ok((account.operator_pair(domain), None));
    }
    let context = session.context;
    let name = args.key.as_deref().unwrap_or(&args.sending.from);
    let keystore = context.keystore();
    match keystore.read_operator(name) {
        Ok(file) => {
            let password = context.password(&format!("Password of operator key {name}: "))?;
            Ok((file.open(password.as_bytes())?, Some(name.to_owned())))
        }
        Err(KeyError::UnknownOperator { .. }) => {
            let mut secret = Secret::default();
            getrandom::fill(secret.as_mut_slice()).map_err(internal)?;
            if !args.sending.dry_run {
                let password = context.new_password(&format!("New password of operator key {name}: "))?;
                keystore.add_operator(name, &secret, password.as_bytes(), KdfCost::DEFAULT)?;
                let path = keystore.operator_path(name)?;
                context.ui.note(&format!("the operator's key is kept in {}", path.display()));
            }
            Ok((OperatorPair::from_secret(&secret), Some(name.to_owned())))
        }
        Err(other) => Err(other.into()),
    }
}

pub(super) async fn run(context: &Context, args: &Register) -> Result<(), CliError> {
    let session = Session::start(context, &args.sending).await?;
    let domain = domain(&session.client, &args.domain).await?;
    let (pair, name) = key(&session, args, domain.domain)?;
    let owner = session.address();
    let genesis = session.client.status().await?.genesis;
    let terms = OperatorTerms {
        domain: domain.domain,
        stake: args.stake,
        nomination_min: args.nomination_min,
        tax_percent: args.tax,
    };
    let request = Request {
        call: register_operator(&pair, &genesis, &owner, &terms),
        effect: format!(
            "register an operator of {} ({}) for {} ({owner}) with {}",
            domain.name, domain.domain, args.sending.from, args.stake
        ),
        data: json!({
            "domain": domain.domain, "domain_name": domain.name, "key": pair.key(), "key_name": name,
            "stake": args.stake, "nomination_min": args.nomination_min, "tax_percent": args.tax,
        }),
        grave: false,
    };
    let Some((receipt, mut data)) = session.send(request).await? else { return Ok(()) };
    let mut done = format!("an operator of {} is on its way", domain.name);
    if receipt.stage >= Stage::InBlock {
        let key = pair.key().to_string();
        let operators = session.client.operators(domain.domain).await?;
        if let Some(own) = operators.into_iter().find(|operator| operator.key == key) {
            data["operator"] = json!(own.operator);
            done = format!("registered operator {} of {} with {}", own.operator, domain.name, args.stake);
        }
    }
    let key = name.as_deref().unwrap_or(&args.sending.from);
    let next = format!("it takes part once a node acts as it: auto node --operator {key}");
    session.finish(&receipt, &data, &done, Some(&next));
    Ok(())
}
