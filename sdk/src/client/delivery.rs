//! Money between chains: sending it, and what became of it.

use super::answer::{Fields, natural};
use super::on_domain::{EventInfo, event};
use super::{Client, Prepared};
use crate::domains::{FIRST_CHANNEL, transfer_to_domain};
use crate::{SdkError, Signer};
use auto_core::{Address, Amount, ChannelId, DomainId, Hash, Nonce};
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

const MESSAGE: &str = "query($source: Int!, $destination: Int!, $channel: UInt64!, $nonce: UInt64!) { \
    message(source: $source, destination: $destination, channel: $channel, nonce: $nonce) { delivery refusal } }";
const SENT: &str =
    "query($hash: Hash!) { transaction(hash: $hash) { events { name fields { name value } } } }";
const ASK_AGAIN: Duration = Duration::from_millis(700);

/// A message between two chains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct MessageId {
    /// The chain that sends it; [`DomainId::CONSENSUS`] is the consensus chain.
    pub source: DomainId,
    /// The chain that it is for.
    pub destination: DomainId,
    /// The channel between the two.
    pub channel: ChannelId,
    /// Position in its direction of the channel.
    pub nonce: Nonce,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Delivery {
    /// Its source has not sent it.
    Unsent,
    /// It is on its way.
    Underway,
    /// Its destination took it.
    Done,
    /// Its destination refused it, with this number in the code of the reason; what it carried goes back.
    Refused(u16),
    /// Its destination received it; whether it was refused is not kept any more.
    Received,
}

impl Delivery {
    /// Whether it is at its destination, whatever that did with it.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Refused(_) | Self::Received)
    }
}

fn delivery(fields: &Fields<'_>) -> Result<Delivery, SdkError> {
    Ok(match fields.text("delivery")? {
        "UNSENT" => Delivery::Unsent,
        "UNDERWAY" => Delivery::Underway,
        "DONE" => Delivery::Done,
        "RECEIVED" => Delivery::Received,
        "REFUSED" => {
            let number = u16::try_from(natural(fields, "refusal")?);
            Delivery::Refused(number.map_err(|_| fields.bad("refusal"))?)
        }
        _ => return Err(fields.bad("delivery")),
    })
}

/// The first message that was sent among events of a chain.
pub(super) fn sent(source: DomainId, events: &[EventInfo]) -> Option<MessageId> {
    events.iter().filter(|event| event.name == "MessageSent").find_map(|event| {
        let number = |name: &str| event.fields.get(name)?.parse::<u64>().ok();
        // The consensus chain names the domain, a domain names the destination.
        let destination = number("destination").or_else(|| number("domain"))?;
        Some(MessageId {
            source,
            destination: DomainId(u32::try_from(destination).ok()?),
            channel: ChannelId(number("channel")?),
            nonce: Nonce(number("nonce")?),
        })
    })
}

impl Client {
    /// A transfer from the consensus chain to an account of a domain, filled in and signed. It goes over the
    /// channel that the two have since their genesis.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn transfer_to_domain(
        &self,
        signer: &dyn Signer,
        domain: DomainId,
        to: Address,
        amount: Amount,
    ) -> Result<Prepared, SdkError> {
        self.prepare_calls(signer, vec![transfer_to_domain(domain, FIRST_CHANNEL, to, amount)]).await
    }

    /// The message that a transaction of the consensus chain sent; `None` when it sent none, or is in no block.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn message_of(&self, transaction: &Hash) -> Result<Option<MessageId>, SdkError> {
        let data = self.query(SENT, json!({ "hash": transaction.to_string() })).await?;
        let Some(found) = self.fields(&data).optional("transaction") else { return Ok(None) };
        let events: Result<Vec<_>, _> = found.list("events")?.iter().map(event).collect();
        Ok(sent(DomainId::CONSENSUS, &events?))
    }

    /// What became of a message; `None` when there is no such channel.
    ///
    /// # Errors
    /// When the node cannot be reached, or does not follow one of the two chains.
    pub async fn delivery(&self, message: &MessageId) -> Result<Option<Delivery>, SdkError> {
        let variables = json!({
            "source": message.source.0,
            "destination": message.destination.0,
            "channel": message.channel.0.to_string(),
            "nonce": message.nonce.0.to_string(),
        });
        let data = self.query(MESSAGE, variables).await?;
        match data.get("message") {
            None | Some(Value::Null) => Ok(None),
            Some(value) => delivery(&self.fields(value)).map(Some),
        }
    }

    /// Waits until a message is at its destination, at most for `timeout`. From a domain that takes until the
    /// block that sent it can no longer be challenged.
    ///
    /// # Errors
    /// When the node cannot be reached, there is no such channel, or the time is over.
    pub async fn delivered(&self, message: &MessageId, timeout: Duration) -> Result<Delivery, SdkError> {
        let waiting = async {
            loop {
                let found = self.delivery(message).await?;
                let missing = || SdkError::NotFound { what: "channel", key: message.channel.to_string() };
                let found = found.ok_or_else(missing)?;
                if found.is_over() {
                    return Ok(found);
                }
                tokio::time::sleep(ASK_AGAIN).await;
            }
        };
        let late = |_| {
            let what = format!("arrival of message {} on chain {}", message.nonce, message.destination);
            SdkError::Timeout { what, seconds: timeout.as_secs() }
        };
        tokio::time::timeout(timeout, waiting).await.map_err(late)?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn happened(name: &str, fields: &[(&str, &str)]) -> EventInfo {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        EventInfo { module: None, name: name.to_owned(), fields: fields.iter().map(pair).collect() }
    }

    #[test]
    fn the_message_of_a_transfer_is_found_among_its_events() {
        let other = happened("Transferred", &[("nonce", "9")]);
        let there = happened(
            "MessageSent",
            &[("source", "1"), ("destination", "2"), ("channel", "4"), ("nonce", "7"), ("kind", "Transfer")],
        );
        let found = sent(DomainId(1), &[other.clone(), there]).expect("sent");
        assert_eq!((found.source, found.destination), (DomainId(1), DomainId(2)));
        assert_eq!((found.channel, found.nonce), (ChannelId(4), Nonce(7)));
        let here = happened("MessageSent", &[("domain", "2"), ("channel", "0"), ("nonce", "1")]);
        let found = sent(DomainId::CONSENSUS, &[here]).expect("sent");
        assert_eq!((found.source, found.destination), (DomainId::CONSENSUS, DomainId(2)));
        assert_eq!(sent(DomainId(1), &[other]), None);
        assert_eq!(sent(DomainId(1), &[happened("MessageSent", &[("nonce", "x")])]), None);
    }

    #[test]
    fn what_became_of_a_message_is_read_strictly() {
        let read = |value: Value| delivery(&Fields { url: "", value: &value }).ok();
        assert_eq!(read(json!({ "delivery": "UNDERWAY", "refusal": null })), Some(Delivery::Underway));
        assert_eq!(read(json!({ "delivery": "REFUSED", "refusal": 12 })), Some(Delivery::Refused(12)));
        for wrong in [
            json!({ "delivery": "LOST" }),
            json!({ "delivery": "REFUSED", "refusal": null }),
            json!({ "delivery": "REFUSED", "refusal": 70_000 }),
            json!({}),
        ] {
            assert_eq!(read(wrong), None);
        }
        assert!(!Delivery::Underway.is_over() && Delivery::Refused(1).is_over());
    }
}
