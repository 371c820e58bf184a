//! Sending a transfer over its route.

use super::arrival::{self, Sent};
use super::route::{Chain, Route, short_of};
use super::{Transfer, WaitFor, tell, tell_there};
use crate::context::Context;
use crate::error::CliError;
use auto_core::{Address, Amount, BlockNumber, Call, DomainId, KeyPair};
use auto_sdk::{Client, DomainInfo, MessageId, Signer, domains};
use serde_json::{Value, json};
use std::time::Duration;

/// A transfer, and what is needed to send it.
pub(super) struct Sending<'a> {
    pub(super) context: &'a Context,
    pub(super) client: Client,
    pub(super) args: Transfer,
    pub(super) route: Route,
    pub(super) to: Address,
    pub(super) pair: KeyPair,
    pub(super) is_dev: bool,
}

/// What a block made of a transfer.
struct Settled {
    data: Value,
    /// Where it is, such as ` in block 7`.
    place: String,
    /// The block; zero before inclusion.
    block: BlockNumber,
    message: Option<MessageId>,
}

impl Sending<'_> {
    fn from(&self) -> Address {
        Signer::public_key(&self.pair).address()
    }

    const fn timeout(&self) -> Duration {
        Duration::from_secs(self.args.timeout)
    }

    /// What it does, for people.
    fn effect(&self, fee: Amount) -> String {
        let Transfer { from: name, amount, .. } = &self.args;
        let chains = match (&self.route.source, self.route.crosses()) {
            (Chain::Consensus, false) => String::new(),
            (source, false) => format!(" on {}", source.name()),
            (source, true) => format!(", {} to {}", source.name(), self.route.destination.name()),
        };
        let from = self.from();
        format!("{amount} from {name} ({from}) to {} ({}){chains}, fee {fee}", self.args.to, self.to)
    }

    /// What it does, for programs.
    fn data(&self, fee: Amount) -> Value {
        json!({
            "from": self.from(), "to": self.to, "amount": self.args.amount, "fee": fee,
            "chain": self.route.source.name(), "to_chain": self.route.destination.name(),
            "domain": self.route.source.id(), "to_domain": self.route.destination.id(),
        })
    }

    /// Whether it is to be sent: a dry run is not, and a person is asked where money is worth something.
    fn approved(&self, fee: Amount) -> Result<bool, CliError> {
        let ui = &self.context.ui;
        if self.args.dry_run {
            let mut data = self.data(fee);
            data["dry_run"] = json!(true);
            ui.result(&data, &format!("would send {}", self.effect(fee)));
            return Ok(false);
        }
        // Development money is worth nothing, so nobody is asked.
        if !self.args.yes && !self.is_dev {
            ui.confirm(&format!("Send {}?", self.effect(fee)))?;
        }
        Ok(true)
    }

    /// On the consensus chain, or from there to a domain.
    async fn on_consensus(&self) -> Result<Option<Settled>, CliError> {
        let (client, ui, amount) = (&self.client, &self.context.ui, self.args.amount);
        let prepared = match &self.route.destination {
            Chain::Consensus => client.transfer(&self.pair, self.to, amount).await?,
            Chain::Domain(info) => {
                client.transfer_to_domain(&self.pair, info.domain, self.to, amount).await?
            }
        };
        // Refused here, nothing has been asked and nothing was sent.
        let fee = client.simulate(&prepared.signed).await?;
        if !self.approved(fee)? {
            return Ok(None);
        }
        let told = |stage| tell(ui, stage);
        let receipt = client.send(&prepared.signed, self.args.wait.stage(), self.timeout(), &told).await?;
        let mut data = self.data(receipt.fee.unwrap_or(fee));
        data["hash"] = json!(receipt.hash);
        data["stage"] = json!(receipt.stage);
        data["block"] = json!(receipt.block);
        data["block_hash"] = json!(receipt.block_hash);
        let included = receipt.block_hash.is_some();
        let place = if included { format!(" in block {}", receipt.block) } else { String::new() };
        let message =
            if self.route.crosses() && included { client.message_of(&receipt.hash).await? } else { None };
        Ok(Some(Settled { data, place, block: receipt.block, message }))
    }

    fn call(&self, source: DomainId) -> Call {
        let (to, amount, chain) = (self.to, self.args.amount, self.route.destination.id());
        if chain == source {
            domains::transfer(to, amount)
        } else {
            domains::transfer_out(chain, domains::FIRST_CHANNEL, to, amount)
        }
    }

    /// On a domain, or from there to another chain.
    async fn on_domain(&self, info: &DomainInfo) -> Result<Option<Settled>, CliError> {
        let (domain, ui) = (self.client.domain(info.domain), &self.context.ui);
        let calls = vec![self.call(info.domain)];
        let quote = domain.quote(&self.from(), &calls).await?;
        let needed = self.args.amount.checked_add(quote.fee).unwrap_or(self.args.amount);
        short_of(&self.args.from, &info.name, quote.balance, needed)?;
        let prepared = domain.fill(&self.pair, calls, quote)?;
        // Refused here, nothing has been asked and nothing was sent.
        let fee = domain.simulate(&prepared.signed).await?;
        if !self.approved(fee)? {
            return Ok(None);
        }
        if info.frozen {
            ui.warn(&format!("{} is frozen: the transfer waits until it goes on", info.name));
        } else if info.epoch.total.is_zero() {
            ui.warn(&format!("no operator serves {} now: the transfer waits until one does", info.name));
        }
        let told = |stage| tell_there(ui, stage);
        let receipt = domain.send(&prepared.signed, self.args.wait.there(), self.timeout(), &told).await?;
        let mut data = self.data(receipt.fee.unwrap_or(fee));
        data["hash"] = json!(receipt.hash);
        data["stage"] = json!(receipt.stage);
        data["outcome"] = json!(receipt.outcome);
        data["block"] = json!(receipt.position.map(|_| receipt.block));
        let place = match receipt.position {
            Some(_) => format!(" in block {} of {}", receipt.block, info.name),
            None => String::new(),
        };
        Ok(Some(Settled { data, place, block: receipt.block, message: receipt.message(info.domain) }))
    }
}

pub(super) async fn run(sending: Sending<'_>) -> Result<(), CliError> {
    let settled = match &sending.route.source {
        Chain::Consensus => sending.on_consensus().await?,
        Chain::Domain(info) => sending.on_domain(info).await?,
    };
    let Some(Settled { mut data, place, block, message }) = settled else { return Ok(()) };
    let mut text = format!("sent {}{place}", sending.args.amount);
    if let Some(message) = message {
        let Route { source, destination } = &sending.route;
        let sent = Sent { message, source, destination, block };
        let waits = sending.args.wait == WaitFor::Arrived;
        let delivery = arrival::follow(&sending, &sent, waits.then(|| sending.timeout())).await?;
        data["message"] = json!(message);
        data["delivery"] = json!(delivery);
        text.push_str(&format!("\n{}", arrival::told(&sent, delivery)));
    }
    text.push_str(&format!("\ntransaction {}", data["hash"].as_str().unwrap_or_default()));
    sending.context.ui.result(&data, &text);
    Ok(())
}
