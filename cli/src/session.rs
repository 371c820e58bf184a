//! Acting on the domain of identities: whose key signs, who pays, and what is sent.

use crate::commands::operator::domain;
use crate::commands::transfer::{Wait, tell_there};
use crate::context::Context;
use crate::error::{CliError, Fault};
use auto_agents::AgentsError;
use auto_agents::view::balance;
use auto_core::{Address, Amount, Call, KeyPair};
use auto_sdk::agent::Request;
use auto_sdk::identity::{self, IdentityKey};
use auto_sdk::{
    At, DevAccount, DomainClient, DomainReceipt, DomainStage, DomainState, KeyError, PreparedThere, SdkError,
    Signer, Stage,
};
use autoid_core::{AutoId, IdentityRecord, Payee};
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The name of the domain that identities are on unless told otherwise.
pub(crate) const IDENTITIES: &str = "identity";

/// Which domain identities are on.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The domain of the identities, by name or number.
    #[arg(long, value_name = "DOMAIN", default_value = IDENTITIES)]
    pub(crate) domain: String,
}

/// Who pays, and how it is sent.
#[derive(Debug, Clone, Args)]
pub(crate) struct Sending {
    /// The account that pays the fee [default: the one with the name of the identity that signs].
    #[arg(long, value_name = "NAME")]
    from: Option<String>,
    #[command(flatten)]
    pub(crate) place: Place,
    /// Do not ask.
    #[arg(long, short)]
    pub(crate) yes: bool,
    /// Show what it would do and what the fee would be, and send nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    #[command(flatten)]
    pub(crate) wait: Wait,
}

impl Sending {
    /// For programs that asked already, or must not.
    pub(crate) const fn unasked(place: Place) -> Self {
        Self { from: None, place, yes: true, dry_run: false, wait: Wait::INCLUDED }
    }
}

/// What is to be done: calls that take effect together, in words and as data.
pub(crate) struct Plan {
    pub(crate) calls: Vec<Call>,
    /// What it does, one line each, shown before it is signed.
    pub(crate) effects: Vec<String>,
    /// What a program reads about it.
    pub(crate) data: Value,
    /// Whether a person is asked even where money is worth nothing.
    pub(crate) grave: bool,
}

/// A plan that is signed, and that nobody objects to.
pub(crate) struct Approved {
    prepared: PreparedThere,
    data: Value,
}

/// A node, the newest state of the domain as it proves it, and the names that are known here.
pub(crate) struct Session<'a> {
    pub(crate) context: &'a Context,
    pub(crate) there: DomainClient,
    pub(crate) state: DomainState<DomainClient>,
    pub(crate) is_dev: bool,
    names: BTreeMap<AutoId, String>,
}

impl<'a> Session<'a> {
    /// Asks the node for its network and for the newest state of the domain.
    pub(crate) async fn open(context: &'a Context, place: &Place) -> Result<Self, CliError> {
        let client = context.client()?;
        let is_dev = client.status().await?.is_dev;
        let there = client.domain(domain(&client, &place.domain).await?.domain);
        let state = there.state(At::Newest).await?;
        let mut names = BTreeMap::new();
        for name in context.keystore().identity_names()? {
            let file = context.keystore().read_identity(&name)?;
            if file.name.network == state.network() {
                // Keys of a recovery may lie beside those that it replaces.
                names.entry(file.name.id).or_insert(name);
            }
        }
        Ok(Self { context, there, state, is_dev, names })
    }

    /// Goes on from the newest state.
    pub(crate) async fn refresh(&mut self) -> Result<(), CliError> {
        self.state = self.there.state(At::Newest).await?;
        Ok(())
    }

    /// The identity that a text names.
    pub(crate) async fn identity(&mut self, text: &str) -> Result<AutoId, CliError> {
        Ok(identity::resolve(&mut self.state, Some(&self.context.keystore()), text).await?)
    }

    /// What is in the vault of an identity.
    pub(crate) async fn vault(&mut self, id: &AutoId) -> Result<Amount, CliError> {
        Ok(self.state.view(|state| Ok::<_, AgentsError>(balance(state, id)?)).await?)
    }

    /// The record of an identity.
    pub(crate) async fn record(&mut self, id: &AutoId) -> Result<IdentityRecord, CliError> {
        Ok(identity::record(&mut self.state, id).await?)
    }

    /// How people call an identity: its name here, or its DID.
    pub(crate) fn called(&self, id: &AutoId) -> String {
        self.names.get(id).cloned().unwrap_or_else(|| id.did(&self.state.network()).to_string())
    }

    /// Calls an identity by a name that is not in the keystore yet.
    pub(crate) fn call(&mut self, id: AutoId, name: &str) {
        self.names.insert(id, name.to_owned());
    }

    /// The name of an identity here.
    pub(crate) fn name(&self, id: &AutoId) -> Option<String> {
        self.names.get(id).cloned()
    }

    /// How people call whoever is paid.
    pub(crate) fn payee(&self, payee: &Payee) -> String {
        match payee {
            Payee::Identity(id) => self.called(id),
            Payee::Address(address) => Address(*address).to_string(),
        }
    }

    /// The key in force of an identity in the keystore, which its password opens.
    pub(crate) async fn key(&mut self, name: &str) -> Result<IdentityKey, CliError> {
        let keystore = self.context.keystore();
        // Refused before anybody types a password.
        let file = keystore.read_identity(name)?;
        let record = self.record(&file.name.id).await?;
        let password = self.context.password(&format!("Password of the identity {name}: "))?;
        Ok(file.open(&record.keys, password.as_bytes())?)
    }

    /// A name in a sentence; where it is that of a development account and of no identity, its address.
    async fn spelled(&mut self, name: &str) -> Result<String, CliError> {
        let Some(account) = DevAccount::named(name).filter(|_| self.is_dev) else {
            return Ok(name.to_owned());
        };
        match identity::resolve(&mut self.state, Some(&self.context.keystore()), name).await {
            Ok(_) => Ok(name.to_owned()),
            Err(SdkError::NotFound { .. }) => Ok(account.pair().public_key().address().to_string()),
            Err(error) => Err(error.into()),
        }
    }

    /// Names in a list, spelled so that they are found.
    pub(crate) async fn all_spelled(&mut self, names: &[String]) -> Result<Vec<String>, CliError> {
        let mut spelled = Vec::with_capacity(names.len());
        for name in names {
            spelled.push(self.spelled(name).await?);
        }
        Ok(spelled)
    }

    /// A request with whoever it pays spelled so that they are found.
    pub(crate) async fn request(&mut self, text: &str) -> Result<Request, CliError> {
        let mut request: Request = text.parse()?;
        if let Some((_, to)) = &mut request.spend {
            *to = self.spelled(to).await?;
        }
        Ok(request)
    }

    /// The account that pays: the one that was named, or the one with the name of an identity.
    pub(crate) fn payer(&self, sending: &Sending, identity: &str) -> Result<KeyPair, CliError> {
        match &sending.from {
            Some(name) => self.context.signer(name, self.is_dev),
            None if identity.is_empty() => {
                Err(Fault::Usage("name the account that pays the fee with --from".to_owned()).into())
            }
            None => self.context.signer(identity, self.is_dev).map_err(|error| {
                let unknown =
                    KeyError::Unknown { name: identity.to_owned(), folder: self.context.folder("wallets") };
                if error.code == auto_core::ErrorCode::code(&unknown) {
                    Fault::NoPayer(identity.to_owned()).into()
                } else {
                    error
                }
            }),
        }
    }

    /// Shows a plan, and asks where it matters; `None` when it is not to be sent.
    pub(crate) async fn approve(
        &self,
        sending: &Sending,
        payer: &KeyPair,
        plan: Plan,
    ) -> Result<Option<Approved>, CliError> {
        let ui = &self.context.ui;
        let prepared = self.there.prepare(payer, plan.calls).await?;
        // Refused here, nothing has been asked and nothing was sent.
        let fee = self.there.simulate(&prepared.signed).await?;
        let from = Signer::public_key(payer).address();
        let mut data = plan.data;
        data["from"] = json!(from);
        data["fee"] = json!(fee);
        let effects = plan.effects.join("\n  ");
        if sending.dry_run {
            data["dry_run"] = json!(true);
            data["effects"] = json!(plan.effects);
            ui.result(&data, &format!("would do, for a fee of {fee}:\n  {effects}"));
            return Ok(None);
        }
        ui.note(&format!("{from} pays {fee} for this:\n  {effects}"));
        if !sending.yes && (plan.grave || !self.is_dev) {
            ui.confirm("Do it?")?;
        }
        Ok(Some(Approved { prepared, data }))
    }

    /// Sends what was approved, and waits as long as was asked for.
    pub(crate) async fn send(
        &self,
        sending: &Sending,
        approved: Approved,
    ) -> Result<(DomainReceipt, Value), CliError> {
        let until = match sending.wait.stage() {
            Stage::Accepted => DomainStage::Accepted,
            Stage::InBlock => DomainStage::Executed,
            Stage::Confirmed => DomainStage::Confirmed,
        };
        let told = |stage| tell_there(&self.context.ui, stage);
        let Approved { prepared, mut data } = approved;
        let receipt = self.there.send(&prepared.signed, until, sending.wait.timeout(), &told).await?;
        data["hash"] = json!(receipt.hash);
        data["stage"] = json!(receipt.stage);
        data["domain_block"] = json!(receipt.block);
        if let Some(paid) = receipt.fee {
            data["fee"] = json!(paid);
        }
        Ok((receipt, data))
    }

    /// Tells the result.
    pub(crate) fn finish(&self, (receipt, data): &(DomainReceipt, Value), done: &str) {
        let place = format!("block {} of the domain, transaction {}", receipt.block, receipt.hash);
        self.context.ui.result(data, &format!("{done}\n{place}"));
    }

    /// Sends a plan and tells people `done`.
    pub(crate) async fn carry_out(
        &self,
        sending: &Sending,
        payer: &KeyPair,
        plan: Plan,
        done: &str,
    ) -> Result<(), CliError> {
        if let Some(approved) = self.approve(sending, payer, plan).await? {
            let sent = self.send(sending, approved).await?;
            self.finish(&sent, done);
        }
        Ok(())
    }
}
