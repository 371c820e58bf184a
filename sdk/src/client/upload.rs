//! Files onto the chain: as many objects as they need, the manifest last.

use super::{ChainInfo, Client, Stage};
use crate::{FileManifest, SdkError, Signer, Splitter};
use auto_core::{Amount, Blob, Hash, Nonce, SignedTransaction};
use auto_ledger::{LedgerCall, object_bytes_max};
use std::collections::VecDeque;
use std::io::Read;
use std::time::Duration;

/// Transactions that may wait for a block at once, so that a large file leaves room for others.
const IN_FLIGHT: usize = 16;
/// Pause after the node said that its pool is full.
const POOL_FULL: Duration = Duration::from_millis(500);

/// A file on the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Hash of the manifest: the file's name on the chain.
    pub root: Hash,
    /// What it says.
    pub manifest: FileManifest,
    /// Fees of all transactions.
    pub fee: Amount,
    /// The transactions in order, the manifest's last.
    pub transactions: Vec<Hash>,
    /// Objects that were on the chain already, and cost nothing.
    pub reused: u64,
}

/// A file on its way.
struct Journey<'a> {
    client: &'a Client,
    signer: &'a dyn Signer,
    chain: ChainInfo,
    nonce: Nonce,
    until: Stage,
    timeout: Duration,
    waiting: VecDeque<(SignedTransaction, u64)>,
    fee: Amount,
    transactions: Vec<Hash>,
    reused: u64,
    arrived: u64,
    progress: &'a (dyn Fn(u64) + Send + Sync),
}

impl Journey<'_> {
    /// Sends an object that the chain does not have.
    async fn store(&mut self, object: Vec<u8>) -> Result<Hash, SdkError> {
        let hash = Hash::of_object(&object);
        let bytes = u64::try_from(object.len()).unwrap_or(u64::MAX);
        if self.client.object_info(&hash).await?.is_some() {
            self.reused = self.reused.saturating_add(1);
            self.arrive(bytes);
            return Ok(hash);
        }
        while self.waiting.len() >= IN_FLIGHT {
            self.settle_one().await?;
        }
        let data = Blob::new(object).map_err(|_| SdkError::TooLarge)?;
        let prepared = Client::fill(self.signer, LedgerCall::Store { data }, &self.chain, self.nonce)?;
        self.submit(&prepared.signed).await?;
        self.nonce = Nonce(self.nonce.0.saturating_add(1));
        self.transactions.push(prepared.signed.hash());
        self.waiting.push_back((prepared.signed, bytes));
        Ok(hash)
    }

    async fn submit(&mut self, signed: &SignedTransaction) -> Result<(), SdkError> {
        let deadline = tokio::time::Instant::now() + self.timeout;
        loop {
            match self.client.submit(signed).await {
                Err(SdkError::Refused { kind, .. })
                    if kind == "UNAVAILABLE" && tokio::time::Instant::now() < deadline =>
                {
                    tokio::time::sleep(POOL_FULL).await;
                }
                other => return other.map(|_| ()),
            }
        }
    }

    /// Waits for the transaction that was sent first.
    async fn settle_one(&mut self) -> Result<(), SdkError> {
        let Some((signed, bytes)) = self.waiting.pop_front() else { return Ok(()) };
        let receipt = self.client.follow(signed.hash(), self.until, self.timeout).await?;
        let fee = receipt.fee.unwrap_or(Amount::ZERO);
        self.fee = self.fee.checked_add(fee).unwrap_or(self.fee);
        // The head has moved on: later transactions expire later and know the price of today.
        self.chain.head = self.chain.head.max(receipt.block);
        self.arrive(bytes);
        Ok(())
    }

    fn arrive(&mut self, bytes: u64) {
        self.arrived = self.arrived.saturating_add(bytes);
        (self.progress)(self.arrived);
    }
}

impl Client {
    /// Stores what `reader` gives as a file, and waits until every object is at `until`; each
    /// transaction may take as long as `timeout`. Objects that the chain has already are not sent again,
    /// so an upload that broke off is taken up by the same call. `progress` hears of stored bytes.
    ///
    /// # Errors
    /// When the reader or the node fails, or a transaction is refused.
    pub async fn upload<R: Read + Send>(
        &self,
        signer: &dyn Signer,
        reader: R,
        name: &str,
        until: Stage,
        timeout: Duration,
        progress: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Upload, SdkError> {
        let (chain, account) = self.chain(&signer.public_key().address()).await?;
        let mut splitter = Splitter::new(reader, object_bytes_max(&chain.params));
        let mut journey = Journey {
            client: self,
            signer,
            chain,
            nonce: account.next_nonce,
            until,
            timeout,
            waiting: VecDeque::new(),
            fee: Amount::ZERO,
            transactions: Vec::new(),
            reused: 0,
            arrived: 0,
            progress,
        };
        while let Some(chunk) = splitter.next_chunk()? {
            journey.store(chunk).await?;
        }
        let manifest = splitter.finish(name, crate::media_type(name))?;
        let root = journey.store(manifest.to_object()).await?;
        while !journey.waiting.is_empty() {
            journey.settle_one().await?;
        }
        Ok(Upload {
            root,
            manifest,
            fee: journey.fee,
            transactions: journey.transactions,
            reused: journey.reused,
        })
    }

    /// What storing a file of `size` bytes costs at the price of the next block, and how many
    /// transactions it takes.
    #[must_use]
    pub fn upload_cost(chain: &ChainInfo, size: u64) -> Option<(Amount, u64)> {
        let chunk = u64::try_from(object_bytes_max(&chain.params)).ok()?.max(1);
        let chunks = size.div_ceil(chunk);
        let manifest = chunks.checked_mul(32)?.checked_add(600)?;
        let overhead = u64::try_from(SignedTransaction::CALLS_OFFSET).ok()?.checked_add(75)?;
        let transactions = chunks.checked_add(1)?;
        let bytes = size.checked_add(manifest)?.checked_add(overhead.checked_mul(transactions)?)?;
        let fixed = chain.params.transaction_fee.checked_mul(transactions.into())?;
        let fee = chain.next_byte_fee.checked_mul(bytes.into())?.checked_add(fixed)?;
        Some((fee, transactions))
    }
}
