//! Signed transfers a second: the check on two cores, then execution, one block after another.

#![allow(clippy::print_stdout, reason = "a figure for people")]

use auto_core::{
    Amount, Blob, BlockNumber, DomainConfig, DomainId, GenesisAccount, GenesisDomain, Hash, KeyPair, List,
    ModuleGenesis, Nonce, OperatorAllowList, Preset, ProtocolParams, Slot, Transaction,
};
use auto_module::bank::{Bank, Call, Transfer};
use auto_module::messages::Messages;
use auto_module::{
    CheckedExtrinsic, Contents, Domain, Environment, Extrinsic, Inherent, Module, Outcome, Runtime, module,
};
use auto_state::Overlay;
use parity_scale_codec::Encode;
use std::error::Error;
use std::time::Instant;

const SENDERS: u32 = 500;
const EACH: u64 = 8;
const RUNS: usize = 5;

fn pair(index: u32) -> KeyPair {
    let mut secret = [7; 32];
    secret[..4].copy_from_slice(&index.to_le_bytes());
    KeyPair::from_secret(&secret)
}

fn short<const MAX: usize>(bytes: &[u8]) -> Result<Blob<MAX>, &'static str> {
    Blob::new(bytes.to_vec()).map_err(|_| "too long")
}

fn genesis() -> Result<GenesisDomain, Box<dyn Error>> {
    let accounts = (0..SENDERS).map(|index| GenesisAccount {
        address: pair(index).public_key().address(),
        balance: Amount::ai3(1000),
    });
    let modules = vec![
        ModuleGenesis { module: Bank::ID, genesis: Blob::default() },
        ModuleGenesis { module: Messages::ID, genesis: Blob::default() },
    ];
    Ok(GenesisDomain {
        owner: pair(0).public_key().address(),
        config: DomainConfig {
            name: short(b"bench")?,
            bundle_bytes_max: 1 << 16,
            bundle_weight_max: u64::MAX,
            bundle_probability: (1, 1),
            operators: OperatorAllowList::Anyone,
        },
        runtime: short(b"bench")?,
        modules: List::new(modules).map_err(|_| "too many modules")?,
        accounts: List::new(accounts.collect()).map_err(|_| "too many accounts")?,
    })
}

fn transfers(env: &Environment) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    let mut all = Vec::new();
    for nonce in 0..EACH {
        for index in 0..SENDERS {
            let signer = pair(index);
            let to = pair((index + 1) % SENDERS).public_key().address();
            let call = Bank::encode_call(&Call::Transfer(Transfer { to, amount: Amount::ai3(1) }));
            let transaction = Transaction {
                domain: env.domain,
                signer: signer.public_key(),
                nonce: Nonce(nonce),
                expiry: BlockNumber(u64::MAX),
                fee_limit: Amount::ai3(1),
                calls: List::new(vec![call.ok_or("too long")?]).map_err(|_| "too many calls")?,
            };
            all.push(Extrinsic::Signed(Box::new(transaction.sign(&signer, &env.genesis))).encode());
        }
    }
    Ok(all)
}

fn check(runtime: &Runtime, env: &Environment, part: &[Vec<u8>]) -> Option<Vec<CheckedExtrinsic>> {
    part.iter().map(|bytes| runtime.check(env, runtime.decode(bytes).ok()?).ok()).collect()
}

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = Runtime::new(1, vec![module::<Bank>(), module::<Messages>()])?;
    let params = ProtocolParams::preset(Preset::Dev);
    let env = Environment { params, genesis: Hash([1; 32]), domain: DomainId(1) };
    let contents: Contents = runtime
        .genesis(&env, &genesis()?)?
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?)))
        .collect();
    let all = transfers(&env)?;
    let inherent = Inherent {
        number: BlockNumber(1),
        consensus_number: BlockNumber(1),
        consensus_hash: Hash::ZERO,
        mmr_root: Hash::ZERO,
        slot: Slot(1),
        byte_fee: Amount::from_base_units(1000),
        runtime_version: 1,
    };
    let (first, second) = all.split_at(all.len() / 2);
    for _ in 0..RUNS {
        let start = Instant::now();
        let halves = std::thread::scope(|scope| {
            let other = scope.spawn(|| check(&runtime, &env, second));
            (check(&runtime, &env, first), other.join())
        });
        let mut checked = halves.0.ok_or("refused")?;
        checked.extend(halves.1.map_err(|_| "a thread failed")?.ok_or("refused")?);
        let checking = start.elapsed();
        let mut state = Overlay::new(&contents);
        runtime.initialize(&env, &inherent, &mut state)?;
        for extrinsic in &checked {
            let executed = runtime.apply(&env, &inherent, extrinsic, &mut state)?;
            if executed.outcome != Outcome::Applied {
                return Err("a transfer failed".into());
            }
        }
        runtime.finalize(&env, &inherent, &mut state)?;
        let whole = start.elapsed();
        let count = u32::try_from(checked.len())?;
        let rate = |time: std::time::Duration| f64::from(count) / time.as_secs_f64();
        println!(
            "{count} transfers: check {:.0}/s on two cores, apply {:.0}/s, together {:.0}/s",
            rate(checking),
            rate(whole.saturating_sub(checking)),
            rate(whole)
        );
    }
    Ok(())
}
