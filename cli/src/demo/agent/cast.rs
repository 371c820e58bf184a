//! Who takes part: identities with their keys, and the node that they all speak to.

use crate::error::{CliError, Fault};
use crate::session::IDENTITIES;
use auto_core::{Address, Call, KeyPair};
use auto_sdk::identity::{Founding, FreshKeys, IdentityKey};
use auto_sdk::{
    At, Client, DevAccount, DomainClient, DomainReceipt, DomainStage, DomainState, PreparedThere, SdkError,
};
use autoid_core::{AutoId, Genesis, Kind};
use std::time::Duration;

/// How long a transaction may take.
pub(super) const STEP_MAX: Duration = Duration::from_secs(120);

/// Somebody, and the call that begins their identity.
pub(super) struct Actor {
    pub(super) key: IdentityKey,
}

impl Actor {
    /// A new identity, under `parent` if there is one.
    pub(super) fn begin(
        kind: Kind,
        network: Genesis,
        parent: Option<&Self>,
    ) -> Result<(Self, Call), CliError> {
        let keys = FreshKeys::generate()?;
        let founded = Founding::of(kind).begin(network, &keys, parent.map(|parent| &parent.key))?;
        Ok((Self { key: keys.key(founded.id, network) }, founded.call))
    }

    pub(super) const fn id(&self) -> AutoId {
        self.key.id()
    }
}

/// The node and the domain of identities.
pub(super) struct Stage {
    pub(super) there: DomainClient,
}

/// A development account.
pub(super) fn account(name: &str) -> Result<KeyPair, CliError> {
    let account = DevAccount::named(name).ok_or_else(|| Fault::UnknownAccount(name.to_owned()))?;
    Ok(account.pair())
}

/// The address of a development account.
pub(super) fn address(name: &str) -> Result<Address, CliError> {
    Ok(account(name)?.public_key().address())
}

impl Stage {
    pub(super) async fn open(url: &str) -> Result<Self, CliError> {
        let client = Client::new(url)?;
        let domain = crate::commands::operator::domain(&client, IDENTITIES).await?;
        Ok(Self { there: client.domain(domain.domain) })
    }

    /// The newest state, as the node proves it.
    pub(super) async fn state(&self) -> Result<DomainState<DomainClient>, CliError> {
        Ok(self.there.state(At::Newest).await?)
    }

    /// Sends calls that must take effect, and waits until they did.
    pub(super) async fn send(&self, payer: &KeyPair, calls: Vec<Call>) -> Result<DomainReceipt, CliError> {
        let prepared = self.there.prepare(payer, calls).await?;
        Ok(self.there.send(&prepared.signed, DomainStage::Executed, STEP_MAX, &|_| {}).await?)
    }

    /// Sends a call that is to take effect, and does not wait.
    pub(super) async fn submit(&self, payer: &KeyPair, call: Call) -> Result<PreparedThere, CliError> {
        let prepared = self.there.prepare(payer, vec![call]).await?;
        self.there.submit(&prepared.signed).await?;
        Ok(prepared)
    }

    /// The code by which a call is refused, and where: by the operator, which runs it over the newest state before
    /// it takes it, or else in a block. `None` when it took effect.
    pub(super) async fn refusal(
        &self,
        payer: &KeyPair,
        call: Call,
    ) -> Result<Option<(String, String)>, CliError> {
        let prepared = self.there.prepare(payer, vec![call]).await?;
        match self.there.send(&prepared.signed, DomainStage::Executed, STEP_MAX, &|_| {}).await {
            Ok(_) => Ok(None),
            Err(SdkError::Refused { remote, .. }) => {
                let number = self.state().await?.number();
                Ok(Some((remote, format!("by the operator, over block {number}"))))
            }
            Err(SdkError::FailedThere { remote, block, .. }) => {
                Ok(Some((remote, format!("in block {block}"))))
            }
            Err(error) => Err(error.into()),
        }
    }
}
