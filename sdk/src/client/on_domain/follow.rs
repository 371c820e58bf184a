//! A transaction of a domain from the pool to its confirmation: live, or by asking again where that fails.

use super::answer::{self, DomainReceipt, DomainStage};
use super::{DomainClient, hash_there};
use crate::SdkError;
use crate::client::answer::Fields;
use crate::client::follow::{ASK_AGAIN, LIVE_BYTES_MAX, UNKNOWN_ASKS_MAX, listen};
use crate::client::hex_text;
use auto_core::{Hash, SignedTransaction};
use parity_scale_codec::Encode;
use serde_json::{Value, json};
use std::time::Duration;

type Told<'a> = &'a (dyn Fn(DomainStage) + Send + Sync);

const fn name(stage: DomainStage) -> &'static str {
    match stage {
        DomainStage::Accepted => "acceptance",
        DomainStage::InBlock => "inclusion",
        DomainStage::Executed => "execution",
        DomainStage::Confirmed => "confirmation",
    }
}

async fn in_time<T>(
    what: String,
    timeout: Duration,
    work: impl Future<Output = Result<T, SdkError>>,
) -> Result<T, SdkError> {
    let late = |_| SdkError::Timeout { what, seconds: timeout.as_secs() };
    tokio::time::timeout(timeout, work).await.map_err(late)?
}

pub(super) async fn send(
    domain: &DomainClient,
    signed: &SignedTransaction,
    until: DomainStage,
    timeout: Duration,
    told: Told<'_>,
) -> Result<DomainReceipt, SdkError> {
    let hash = hash_there(signed);
    let what = format!("{} of transaction {hash}", name(until));
    in_time(what, timeout, follow(domain, signed, hash, until, told)).await
}

pub(super) async fn watch(
    domain: &DomainClient,
    hash: Hash,
    until: DomainStage,
    timeout: Duration,
) -> Result<DomainReceipt, SdkError> {
    let what = format!("{} of transaction {hash}", name(until));
    in_time(what, timeout, poll(domain, hash, until, &|_| {})).await
}

async fn follow(
    domain: &DomainClient,
    signed: &SignedTransaction,
    hash: Hash,
    until: DomainStage,
    told: Told<'_>,
) -> Result<DomainReceipt, SdkError> {
    let encoded = signed.encode();
    if encoded.len() <= LIVE_BYTES_MAX {
        let variables = json!({ "bytes": hex_text(&encoded) });
        let read = |data: &Value| update(domain, data, hash, until, told);
        match listen(domain.client(), answer::FOLLOW, variables, read).await {
            // The stream broke or never was: what it told still holds, the rest is asked for.
            Err(SdkError::BadAnswer { .. } | SdkError::Unreachable { .. }) => {}
            other => return other,
        }
    }
    domain.submit(signed).await?;
    told(DomainStage::Accepted);
    poll(domain, hash, until, told).await
}

/// Whether the receipt ends the waiting.
fn reached(
    receipt: DomainReceipt,
    until: DomainStage,
    told: Told<'_>,
) -> Result<Option<DomainReceipt>, SdkError> {
    told(receipt.stage);
    if let Some(failure) = &receipt.failure {
        return Err(SdkError::FailedThere {
            hash: receipt.hash,
            block: receipt.block.0,
            remote: failure.code.clone(),
            message: failure
                .message
                .clone()
                .unwrap_or_else(|| "it was passed over and took no fee".to_owned()),
        });
    }
    Ok((receipt.stage >= until).then_some(receipt))
}

async fn poll(
    domain: &DomainClient,
    hash: Hash,
    until: DomainStage,
    told: Told<'_>,
) -> Result<DomainReceipt, SdkError> {
    let (mut last, mut unknown) = (None, 0);
    loop {
        match domain.receipt(&hash).await? {
            Some(receipt) => {
                unknown = 0;
                let news = last != Some(receipt.stage);
                last = Some(receipt.stage);
                let told: Told<'_> = if news { told } else { &|_| {} };
                if let Some(receipt) = reached(receipt, until, told)? {
                    return Ok(receipt);
                }
            }
            None => {
                unknown += 1;
                if unknown > UNKNOWN_ASKS_MAX {
                    let reason = "the node does not know it any more".to_owned();
                    return Err(SdkError::Dropped { hash, reason });
                }
            }
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
}

fn update(
    domain: &DomainClient,
    data: &Value,
    hash: Hash,
    until: DomainStage,
    told: Told<'_>,
) -> Result<Option<DomainReceipt>, SdkError> {
    let update = Fields { url: domain.client().url(), value: data }.at("submitDomainTx")?;
    let Some(stage) = answer::stage(&update)? else {
        let reason = update.text("code").unwrap_or("the node does not say why").to_owned();
        return Err(SdkError::Dropped { hash, reason });
    };
    let mut receipt = answer::receipt(&update.at("transaction")?)?;
    receipt.stage = stage;
    if stage < DomainStage::Executed {
        // How it ended is told with the stage that it belongs to.
        receipt.failure = None;
    }
    reached(receipt, until, told)
}
