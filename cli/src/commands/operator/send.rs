//! Signing and sending what an operator or nominator asks for.

use crate::commands::transfer::{Wait, tell};
use crate::context::Context;
use crate::error::CliError;
use auto_core::{Address, Call, KeyPair, OperatorId};
use auto_sdk::{Client, Receipt, Signer};
use clap::Args;
use serde_json::{Value, json};

/// Who signs, and how it is sent.
#[derive(Debug, Clone, Args)]
pub(super) struct Sending {
    /// The account that signs and pays.
    #[arg(long, value_name = "NAME")]
    pub(super) from: String,
    /// Do not ask.
    #[arg(long, short)]
    yes: bool,
    /// Show what it would do and what the fee would be, and send nothing.
    #[arg(long)]
    pub(super) dry_run: bool,
    #[command(flatten)]
    wait: Wait,
}

/// Which operator, and how it is sent.
#[derive(Debug, Clone, Args)]
pub(super) struct OneOperator {
    /// Number of the operator; `auto operator status` lists them.
    #[arg(value_name = "OPERATOR")]
    number: u64,
    #[command(flatten)]
    pub(super) sending: Sending,
}

impl OneOperator {
    pub(super) const fn id(&self) -> OperatorId {
        OperatorId(self.number)
    }
}

/// An account that is unlocked, and the node that it speaks to.
pub(super) struct Session<'a> {
    pub(super) context: &'a Context,
    pub(super) client: Client,
    pub(super) pair: KeyPair,
    pub(super) is_dev: bool,
    sending: &'a Sending,
}

/// What is asked for, in words and as data.
pub(super) struct Request {
    pub(super) call: Call,
    /// What it does, after "would" and before a question mark: `nominate operator 0 with 5 AI3`.
    pub(super) effect: String,
    /// What a program reads about it.
    pub(super) data: Value,
    /// Whether a person is asked even where money is worth nothing.
    pub(super) grave: bool,
}

impl<'a> Session<'a> {
    /// Asks the node which network it is on, and unlocks the account.
    pub(super) async fn start(context: &'a Context, sending: &'a Sending) -> Result<Self, CliError> {
        let client = context.client()?;
        let is_dev = client.status().await?.is_dev;
        let pair = context.signer(&sending.from, is_dev)?;
        Ok(Self { context, client, pair, is_dev, sending })
    }

    pub(super) fn address(&self) -> Address {
        Signer::public_key(&self.pair).address()
    }

    /// Sends the request, and tells the result; `None` when nothing was sent. `after` adds to the data what
    /// only the block can tell.
    pub(super) async fn send(&self, request: Request) -> Result<Option<(Receipt, Value)>, CliError> {
        let ui = &self.context.ui;
        let prepared = self.client.prepare_calls(&self.pair, vec![request.call]).await?;
        // Refused here, nothing has been asked and nothing was sent.
        let fee = self.client.simulate(&prepared.signed).await?;
        let mut data = request.data;
        data["from"] = json!(self.address());
        data["fee"] = json!(fee);
        if self.sending.dry_run {
            data["dry_run"] = json!(true);
            ui.result(&data, &format!("would {}, fee {fee}", request.effect));
            return Ok(None);
        }
        if !self.sending.yes && (request.grave || !self.is_dev) {
            let mut letters = request.effect.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            let question: String = first.into_iter().chain(letters).collect();
            ui.confirm(&format!("{question}, fee {fee}?"))?;
        }
        let wait = &self.sending.wait;
        let told = |stage| tell(ui, stage);
        let receipt = self.client.send(&prepared.signed, wait.stage(), wait.timeout(), &told).await?;
        data["hash"] = json!(receipt.hash);
        data["stage"] = json!(receipt.stage);
        data["block"] = json!(receipt.block_hash.map(|_| receipt.block));
        data["block_hash"] = json!(receipt.block_hash);
        if let Some(paid) = receipt.fee {
            data["fee"] = json!(paid);
        }
        Ok(Some((receipt, data)))
    }

    /// Sends the request and tells people `done`.
    pub(super) async fn carry_out(&self, request: Request, done: &str) -> Result<(), CliError> {
        if let Some((receipt, data)) = self.send(request).await? {
            self.finish(&receipt, &data, done, None);
        }
        Ok(())
    }

    /// Tells the result, and what a person may want to do next.
    pub(super) fn finish(&self, receipt: &Receipt, data: &Value, done: &str, next: Option<&str>) {
        let block = receipt.block_hash.map_or_else(String::new, |_| format!(" in block {}", receipt.block));
        self.context.ui.result(data, &format!("{done}{block}\ntransaction {}", receipt.hash));
        if let Some(next) = next {
            self.context.ui.note(next);
        }
    }
}
