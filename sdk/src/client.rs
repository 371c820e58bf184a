//! Asks a node, and sends it transactions.

mod answer;
mod content;
mod delivery;
mod domain;
mod follow;
mod on_domain;
mod transport;
mod upload;

pub use answer::{AccountInfo, ChainInfo, ObjectInfo, Receipt, Stage, StatusInfo};
pub use content::{Lineage, Made, StoredManifest};
pub use delivery::{Delivery, MessageId};
pub use domain::{DomainInfo, EpochInfo, OperatorInfo, PositionInfo, WithdrawalInfo};
pub use on_domain::{
    DomainAccountInfo, DomainClient, DomainFailure, DomainReceipt, DomainStage, EventInfo, Outcome,
    PreparedThere, Quote, Reach, Wanted, hash_there,
};
pub use upload::Upload;

use crate::{Assembler, FileManifest, ProofFile, ProvenAccount, SdkError, Signer, dev_genesis};
use answer::{Fields, natural};
use auto_core::{
    Address, Amount, BlockNumber, Call, DomainId, Hash, List, Nonce, ProtocolParams, SignedTransaction,
    Transaction,
};
use auto_ledger::{LedgerCall, fee};
use parity_scale_codec::Encode;
use serde_json::{Value, json};
use std::time::Duration;
use transport::Transport;

/// Blocks that a transaction may wait unless told otherwise.
const EXPIRY_BLOCKS: u64 = 256;
/// How much the byte price may rise before a transaction is refused.
const PRICE_HEADROOM: u128 = 4;

/// A connection to a node.
///
/// ```no_run
/// # async fn example() -> Result<(), auto_sdk::SdkError> {
/// use auto_core::Amount;
/// use auto_sdk::{Client, DevAccount, Signer, Stage};
/// use std::time::Duration;
///
/// let client = Client::new("http://127.0.0.1:8700")?;
/// let alice = DevAccount::named("alice").expect("a development account").pair();
/// let bob = DevAccount::named("bob").expect("a development account").pair().public_key().address();
/// let prepared = client.transfer(&alice, bob, Amount::ai3(5)).await?;
/// let receipt = client.send(&prepared.signed, Stage::Confirmed, Duration::from_secs(60), &|_| {}).await?;
/// println!("in block {}", receipt.block);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
pub struct Client {
    transport: Transport,
}

/// Takes the next part of a download; beside it, the length of the whole in bytes.
pub type Sink<'a> = &'a mut (dyn FnMut(&[u8], u64) -> Result<(), SdkError> + Send);

/// A signed transaction and what it costs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// Ready to be sent.
    pub signed: SignedTransaction,
    /// The fee at the price of the next block.
    pub fee: Amount,
    /// The chain it was made for.
    pub chain: ChainInfo,
}

impl Client {
    /// A client of the node at `url`, such as `http://127.0.0.1:8700`; nothing is sent yet.
    ///
    /// # Errors
    /// When the address is malformed.
    pub fn new(url: &str) -> Result<Self, SdkError> {
        Ok(Self { transport: Transport::new(url)? })
    }

    /// Where the node is.
    #[must_use]
    pub fn url(&self) -> &str {
        self.transport.url()
    }

    /// Runs a GraphQL document and gives its `data`.
    ///
    /// # Errors
    /// When the node cannot be reached, or refuses.
    pub async fn query(&self, document: &str, variables: Value) -> Result<Value, SdkError> {
        self.transport.query(document, variables).await
    }

    fn fields<'a>(&'a self, value: &'a Value) -> Fields<'a> {
        Fields { url: self.url(), value }
    }

    /// The node at a glance.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn status(&self) -> Result<StatusInfo, SdkError> {
        let data = self.query(answer::STATUS, json!({})).await?;
        self.fields(&data).at("status")?.status()
    }

    /// What transactions need to know of the chain, and the signer's nonce and balance, in one query.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn chain(&self, address: &Address) -> Result<(ChainInfo, AccountInfo), SdkError> {
        let data = self.query(answer::CHAIN, json!({ "address": address.to_string() })).await?;
        let fields = self.fields(&data);
        Ok((fields.chain()?, fields.at("account")?.account(*address)?))
    }

    /// An account at the head, or at a height.
    ///
    /// # Errors
    /// When the node cannot be reached, or does not have that height.
    pub async fn account(&self, address: &Address, at: Option<BlockNumber>) -> Result<AccountInfo, SdkError> {
        let address_text = address.to_string();
        let data = match at {
            None => self.query(answer::ACCOUNT, json!({ "address": address_text })).await?,
            Some(height) => {
                let variables = json!({ "address": address_text, "height": height.to_string() });
                self.query(answer::ACCOUNT_AT, variables).await?.get("at").cloned().unwrap_or_default()
            }
        };
        self.fields(&data).at("account")?.account(*address)
    }

    /// An account's proof, checked here against its header.
    ///
    /// # Errors
    /// When the node cannot be reached, or its proof does not hold.
    pub async fn account_proof(&self, address: &Address) -> Result<(ProofFile, ProvenAccount), SdkError> {
        let data = self.query(answer::PROOF, json!({ "address": address.to_string() })).await?;
        let fields = self.fields(&data);
        let account = fields.at("account")?.account(*address)?;
        let proof = fields.at("account")?.at("proof")?;
        let file = ProofFile::new(*address, &proof.bytes("header")?, &proof.bytes("proof")?);
        let proven = file.verify()?;
        if proven.block_hash != proof.hash("blockHash")? {
            return Err(SdkError::Proof("the header is not that of the block the node names".to_owned()));
        }
        if (proven.balance, proven.nonce) != (account.balance, account.nonce) {
            return Err(SdkError::Proof(
                "the node states another balance or nonce than it proves".to_owned(),
            ));
        }
        Ok((file, proven))
    }

    /// A transfer, filled in and signed.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn transfer(
        &self,
        signer: &dyn Signer,
        to: Address,
        amount: Amount,
    ) -> Result<Prepared, SdkError> {
        self.prepare(signer, LedgerCall::Transfer { to, amount }).await
    }

    /// A call, filled in with nonce, expiry and fee limit from one query, and signed.
    ///
    /// The nonce counts what waits in the node's pool, so transactions that are sent one after the other
    /// need not wait for a block in between.
    ///
    /// # Errors
    /// When the node cannot be reached, or no block has room for the call.
    pub async fn prepare(&self, signer: &dyn Signer, call: LedgerCall) -> Result<Prepared, SdkError> {
        let (chain, account) = self.chain(&signer.public_key().address()).await?;
        Self::fill(signer, call, &chain, account.next_nonce)
    }

    /// Calls of the consensus chain that take effect together or not at all, filled in as by
    /// [`Client::prepare`]; those of [`crate::domains`] for example.
    ///
    /// # Errors
    /// When the node cannot be reached, or no block has room for the calls.
    pub async fn prepare_calls(&self, signer: &dyn Signer, calls: Vec<Call>) -> Result<Prepared, SdkError> {
        let (chain, account) = self.chain(&signer.public_key().address()).await?;
        Self::fill_calls(signer, calls, &chain, account.next_nonce)
    }

    /// A call, filled in from what is known of the chain, and signed.
    ///
    /// # Errors
    /// When no block has room for the call.
    pub fn fill(
        signer: &dyn Signer,
        call: LedgerCall,
        chain: &ChainInfo,
        nonce: Nonce,
    ) -> Result<Prepared, SdkError> {
        let call = call.into_call().ok_or(SdkError::TooLarge)?;
        Self::fill_calls(signer, vec![call], chain, nonce)
    }

    /// Calls of the consensus chain, filled in from what is known of the chain, and signed.
    ///
    /// # Errors
    /// When no block has room for the calls, or there are more than 64.
    pub fn fill_calls(
        signer: &dyn Signer,
        calls: Vec<Call>,
        chain: &ChainInfo,
        nonce: Nonce,
    ) -> Result<Prepared, SdkError> {
        let mut transaction = Transaction {
            domain: DomainId::CONSENSUS,
            signer: signer.public_key(),
            nonce,
            expiry: BlockNumber(chain.head.0.saturating_add(EXPIRY_BLOCKS)),
            fee_limit: Amount::ZERO,
            calls: List::new(calls).map_err(|_| SdkError::TooLarge)?,
        };
        let bytes = transaction.encoded_size().saturating_add(64);
        let bytes = u64::try_from(bytes).map_err(|_| SdkError::TooLarge)?;
        let calls = transaction.calls.len();
        let at = |price: Amount| fee(&chain.params, bytes, calls, price).ok_or(SdkError::TooLarge);
        let price = chain.next_byte_fee;
        transaction.fee_limit = at(price.checked_mul(PRICE_HEADROOM).unwrap_or(price))?;
        Ok(Prepared {
            fee: at(price)?,
            signed: signer.sign(transaction, &chain.genesis),
            chain: chain.clone(),
        })
    }

    /// What a transaction would do now: its fee.
    ///
    /// # Errors
    /// When it would be refused, with the code of the rule.
    pub async fn simulate(&self, signed: &SignedTransaction) -> Result<Amount, SdkError> {
        let data = self.query(answer::SIMULATE, json!({ "bytes": hex_text(&signed.encode()) })).await?;
        let outcome = self.fields(&data).at("simulateTx")?;
        if outcome.boolean("accepted")? {
            return outcome.amount("fee");
        }
        let text = |name: &str| outcome.text(name).unwrap_or_default().to_owned();
        Err(SdkError::Refused { remote: text("code"), kind: "REJECTED".to_owned(), message: text("message") })
    }

    /// Sends a transaction without waiting for a block.
    ///
    /// # Errors
    /// When the node cannot be reached, or refuses.
    pub async fn submit(&self, signed: &SignedTransaction) -> Result<Hash, SdkError> {
        let data = self.query(answer::SUBMIT, json!({ "bytes": hex_text(&signed.encode()) })).await?;
        self.fields(&data).hash("submitTxAsync")
    }

    /// Sends a transaction and follows it until it is at `until`, at most for `timeout`; `told` hears of
    /// every stage.
    ///
    /// # Errors
    /// When the node cannot be reached or refuses, the transaction is dropped, its calls fail, or the time
    /// is over.
    pub async fn send(
        &self,
        signed: &SignedTransaction,
        until: Stage,
        timeout: Duration,
        told: &(dyn Fn(Stage) + Send + Sync),
    ) -> Result<Receipt, SdkError> {
        follow::send(self, signed, until, timeout, told).await
    }

    /// Waits until a transaction that was sent is at `until`, at most for `timeout`.
    ///
    /// # Errors
    /// As [`Client::send`].
    pub async fn follow(&self, hash: Hash, until: Stage, timeout: Duration) -> Result<Receipt, SdkError> {
        follow::watch(self, hash, until, timeout).await
    }

    /// Where a transaction stands; `None` when the node does not know it.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn receipt(&self, hash: &Hash) -> Result<Option<Receipt>, SdkError> {
        let data = self.query(answer::TRANSACTION, json!({ "hash": hash.to_string() })).await?;
        match data.get("transaction") {
            None | Some(Value::Null) => Ok(None),
            Some(value) => self.fields(value).receipt().map(Some),
        }
    }

    /// Where an object is; `None` when the chain has none of this hash.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn object_info(&self, hash: &Hash) -> Result<Option<ObjectInfo>, SdkError> {
        let data = self.query(answer::OBJECT, json!({ "hash": hash.to_string() })).await?;
        match data.get("object") {
            None | Some(Value::Null) => Ok(None),
            Some(value) => self.fields(value).object().map(Some),
        }
    }

    /// The bytes of an object, compared with its hash.
    ///
    /// # Errors
    /// When the node cannot be reached, has no such object, or gives other bytes.
    pub async fn object(&self, hash: &Hash) -> Result<Vec<u8>, SdkError> {
        let bytes =
            self.transport.bytes(&format!("/objects/{hash}?raw=1"), auto_ledger::OBJECT_BYTES_MAX).await;
        let bytes = bytes?.ok_or_else(|| SdkError::NotFound { what: "object", key: hash.to_string() })?;
        if Hash::of_object(&bytes) == *hash { Ok(bytes) } else { Err(SdkError::WrongBytes(*hash)) }
    }

    /// An object, or the file whose manifest has this hash, handed to `sink` in order and checked.
    ///
    /// # Errors
    /// When the node cannot be reached, lacks a part, gives other bytes, or `sink` fails.
    pub async fn download(&self, hash: &Hash, sink: Sink<'_>) -> Result<Option<FileManifest>, SdkError> {
        let first = self.object(hash).await?;
        if !FileManifest::is_manifest(&first) {
            let total = u64::try_from(first.len()).unwrap_or(u64::MAX);
            sink(&first, total)?;
            return Ok(None);
        }
        let manifest = FileManifest::from_object(&first)?;
        let total = manifest.size;
        let mut assembler = Assembler::new(manifest);
        while let Some(chunk) = assembler.needs() {
            let bytes = self.object(&chunk).await?;
            sink(assembler.push(&bytes)?, total)?;
        }
        assembler.finish().map(Some)
    }

    /// The farms of the node, as its API describes them.
    ///
    /// # Errors
    /// When the node cannot be reached.
    pub async fn farms(&self) -> Result<Vec<Value>, SdkError> {
        let data = self.query(answer::FARMS, json!({})).await?;
        let farms = data.get("farms").and_then(Value::as_array).cloned();
        farms.ok_or_else(|| SdkError::BadAnswer {
            url: self.url().to_owned(),
            reason: "no `farms`".to_owned(),
        })
    }

    /// Waits until the chain has reached a height, at most for `timeout`.
    ///
    /// # Errors
    /// When the node cannot be reached, or the time is over.
    pub async fn wait_for_height(
        &self,
        height: BlockNumber,
        timeout: Duration,
    ) -> Result<StatusInfo, SdkError> {
        let waiting = async {
            loop {
                let status = self.status().await?;
                if status.head >= height {
                    return Ok(status);
                }
                tokio::time::sleep(Duration::from_millis(250)).await;
            }
        };
        let late = |_| SdkError::Timeout { what: format!("block {height}"), seconds: timeout.as_secs() };
        tokio::time::timeout(timeout, waiting).await.map_err(late)?
    }
}

/// Whether parameters are those of the development network.
pub(crate) fn is_dev(params_hash: &Hash) -> bool {
    *params_hash == dev_genesis().params.hash()
}

fn hex_text(bytes: &[u8]) -> String {
    format!("0x{}", hex::encode(bytes))
}

/// The parameters of the chain as far as transactions depend on them.
fn transaction_params(fields: &Fields<'_>) -> Result<ProtocolParams, SdkError> {
    let base = dev_genesis().params;
    Ok(ProtocolParams {
        block_bytes_max: u32::try_from(natural(fields, "blockBytesMax")?).unwrap_or(u32::MAX),
        existential_deposit: fields.amount("existentialDeposit")?,
        transaction_fee: fields.amount("transactionFee")?,
        call_fee: fields.amount("callFee")?,
        confirmation_depth: natural(fields, "confirmationDepth")?,
        ..base
    })
}
