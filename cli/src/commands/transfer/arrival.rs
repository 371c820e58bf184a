//! Money on its way between two chains.

use super::route::Chain;
use super::send::Sending;
use crate::error::{CliError, Fault};
use crate::ui::{Bar, Unit};
use auto_core::{BlockNumber, DomainId};
use auto_sdk::{Client, Delivery, MessageId, SdkError};
use std::time::{Duration, Instant};

const ASK_AGAIN: Duration = Duration::from_millis(700);

/// A message that carries money.
pub(super) struct Sent<'a> {
    pub(super) message: MessageId,
    pub(super) source: &'a Chain,
    pub(super) destination: &'a Chain,
    /// The block that sent it.
    pub(super) block: BlockNumber,
}

/// What became of it, as a line after the one that says it was sent.
pub(super) fn told(sent: &Sent<'_>, delivery: Delivery) -> String {
    let (here, there) = (sent.source.name(), sent.destination.name());
    match (delivery, sent.source) {
        (Delivery::Done | Delivery::Received, _) => format!("arrived on {there}"),
        (Delivery::Refused(number), _) => {
            format!("refused on {there} with number {number:04} of the reason; the money goes back")
        }
        (_, Chain::Consensus) => format!("on its way to {there}, where it arrives after some blocks"),
        (_, Chain::Domain(_)) => {
            format!(
                "on its way to {there}, where it arrives once block {} of {here} is confirmed",
                sent.block
            )
        }
    }
}

/// Height up to which a domain is confirmed.
async fn confirmed(client: &Client, domain: DomainId) -> Result<BlockNumber, CliError> {
    let domains = client.domains().await?;
    let found = domains.into_iter().find(|one| one.domain == domain);
    Ok(found.map_or(BlockNumber(0), |one| one.confirmed))
}

/// Shows how far a domain is with confirming the block that sent a message.
struct Progress {
    bar: Bar,
    from: BlockNumber,
    to: BlockNumber,
}

impl Progress {
    async fn start(sending: &Sending<'_>, sent: &Sent<'_>) -> Result<Option<Self>, CliError> {
        let Chain::Domain(info) = sent.source else {
            sending.context.ui.note(&format!("waiting for {} to take it", sent.destination.name()));
            return Ok(None);
        };
        let from = confirmed(&sending.client, info.domain).await?;
        let total = sent.block.0.saturating_sub(from.0);
        let bar = sending.context.ui.bar("blocks to confirm", total, Unit::Steps);
        Ok(Some(Self { bar, from, to: sent.block }))
    }

    async fn show(&self, sending: &Sending<'_>, sent: &Sent<'_>) -> Result<(), CliError> {
        let now = confirmed(&sending.client, sent.message.source).await?.min(self.to);
        let name = sent.source.name();
        let text = format!("{name} is confirmed to block {now}, the money left in block {}", self.to);
        self.bar.at(now.0.saturating_sub(self.from.0), &text);
        Ok(())
    }
}

/// What became of a message: now, or once it is at its destination, at most for `wait`.
pub(super) async fn follow(
    sending: &Sending<'_>,
    sent: &Sent<'_>,
    wait: Option<Duration>,
) -> Result<Delivery, CliError> {
    let (started, mut progress) = (Instant::now(), None);
    if wait.is_some() {
        progress = Progress::start(sending, sent).await?;
    }
    loop {
        let missing = || SdkError::NotFound { what: "channel", key: sent.message.channel.to_string() };
        let found = sending.client.delivery(&sent.message).await?.ok_or_else(missing)?;
        let Some(wait) = wait.filter(|_| !found.is_over()) else {
            if let Some(progress) = progress {
                progress.bar.done();
            }
            return Ok(found);
        };
        if started.elapsed() >= wait {
            let what = format!("arrival of the money on {}", sent.destination.name());
            return Err(Fault::Timeout { what, seconds: wait.as_secs() }.into());
        }
        if let Some(progress) = &progress {
            progress.show(sending, sent).await?;
        }
        tokio::time::sleep(ASK_AGAIN).await;
    }
}
