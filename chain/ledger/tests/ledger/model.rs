//! Random blocks against a model that knows nothing of trees, overlays or encodings.

use crate::chain::{AUTHOR, Chain, address, pair, test_params};
use auto_core::{Amount, Blob, ErrorCode, SignedTransaction};
use auto_ledger::{LedgerCall, LedgerError, Outcome, byte_fees};
use parity_scale_codec::Encode;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A call by numbers: to whom and how much, or how many bytes are stored.
#[derive(Debug, Clone)]
enum Step {
    Transfer(u8, u128),
    Store(usize),
}

#[derive(Debug, Clone)]
struct Draft {
    from: u8,
    nonce_shift: i8,
    expires: bool,
    poor_limit: bool,
    steps: Vec<Step>,
}

const DEPOSIT: u128 = 10_000_000_000_000;
const START: u128 = 1_000_000_000_000_000;

fn amount() -> impl Strategy<Value = u128> {
    prop_oneof![Just(1), Just(DEPOSIT - 1), Just(DEPOSIT), Just(START / 3), Just(u128::MAX), 1..START]
}

fn draft() -> impl Strategy<Value = Draft> {
    let step = prop_oneof![
        4 => (1..7u8, amount()).prop_map(|(to, amount)| Step::Transfer(to, amount)),
        1 => (1..100usize).prop_map(Step::Store),
    ];
    let odd = |weight| proptest::bool::weighted(weight);
    let shift = prop_oneof![12 => Just(0i8), 1 => Just(-1i8), 1 => Just(1i8)];
    (1..5u8, shift, odd(0.05), odd(0.05), proptest::collection::vec(step, 1..4)).prop_map(
        |(from, nonce_shift, expires, poor_limit, steps)| Draft {
            from,
            nonce_shift,
            expires,
            poor_limit,
            steps,
        },
    )
}

/// Balances and nonces by account number.
type Accounts = BTreeMap<u8, (u128, u64)>;

/// What the model says: the code of an invalid transaction, or fee and the code of a failed call.
fn expect(
    accounts: &mut Accounts,
    draft: &Draft,
    signed: &SignedTransaction,
    byte_fee: u128,
) -> Result<(u128, Option<&'static str>), &'static str> {
    let bytes = u128::try_from(signed.encode().len()).expect("small");
    let calls = u128::try_from(draft.steps.len()).expect("few");
    let fee = 100_000_000_000_000 + 10_000_000_000_000 * (calls - 1) + bytes * byte_fee;
    let (balance, nonce) = accounts.get(&draft.from).copied().unwrap_or_default();
    match () {
        () if draft.expires => return Err("LED-0012"),
        () if signed.transaction.nonce.0 < nonce => return Err("LED-0010"),
        () if signed.transaction.nonce.0 > nonce => return Err("LED-0011"),
        () if draft.poor_limit => return Err("LED-0013"),
        () if balance < fee => return Err("LED-0014"),
        () if balance - fee < DEPOSIT => return Err("LED-0015"),
        () => {}
    }
    accounts.insert(draft.from, (balance - fee, nonce + 1));
    let mut after = accounts.clone();
    for step in &draft.steps {
        let Step::Transfer(to, amount) = step else { continue };
        let sender = after.get_mut(&draft.from).expect("it just paid");
        if sender.0 < *amount {
            return Ok((fee, Some("LED-0014")));
        }
        if sender.0 - amount < DEPOSIT {
            return Ok((fee, Some("LED-0015")));
        }
        sender.0 -= amount;
        let receiver = after.entry(*to).or_default();
        receiver.0 += amount;
        if receiver.0 < DEPOSIT {
            return Ok((fee, Some("LED-0015")));
        }
    }
    *accounts = after;
    Ok((fee, None))
}

fn sign(chain: &Chain, accounts: &Accounts, draft: &Draft) -> SignedTransaction {
    let calls = draft.steps.iter().map(|step| match step {
        Step::Transfer(to, amount) => {
            LedgerCall::Transfer { to: address(*to), amount: Amount::from_base_units(*amount) }
        }
        Step::Store(bytes) => LedgerCall::Store { data: Blob::new(vec![5; *bytes]).expect("short") },
    });
    let nonce = accounts.get(&draft.from).map_or(0, |(_, nonce)| *nonce);
    let nonce = nonce.saturating_add_signed(i64::from(draft.nonce_shift));
    let mut transaction = chain.draft(draft.from, nonce, calls.collect());
    if draft.expires {
        transaction.expiry = chain.number;
    }
    if draft.poor_limit {
        transaction.fee_limit = Amount::from_base_units(99_999_999_999_999);
    }
    transaction.sign(&pair(draft.from), &chain.rules.genesis)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn blocks_do_what_the_model_says_and_create_no_money(
        blocks in proptest::collection::vec(proptest::collection::vec(draft(), 0..5), 1..8),
    ) {
        let params = test_params();
        let start = Amount::from_base_units(START);
        let mut chain = Chain::new(params, &[1, 2, 3, 4].map(|byte| (byte, start)));
        let mut accounts: Accounts = (1..5).map(|byte| (byte, (START, 0))).collect();
        let (mut held, mut paid, mut rewards) = (Vec::new(), 0u128, 0u128);
        for drafts in &blocks {
            let price = byte_fees(&chain.state()).expect("sound").next.base_units();
            let (mut included, mut wanted) = (Vec::new(), Vec::new());
            for draft in drafts {
                let signed = sign(&chain, &accounts, draft);
                match expect(&mut accounts, draft, &signed, price) {
                    Ok(result) => {
                        included.push(signed);
                        wanted.push(result);
                    }
                    Err(code) => {
                        let mut bad = included.clone();
                        bad.push(signed);
                        let error = chain.block(&bad).expect_err("the model calls it invalid");
                        prop_assert_eq!(error.code(), code);
                        let at_its_place = matches!(
                            error, LedgerError::InvalidTransaction { index, .. } if index == included.len()
                        );
                        prop_assert!(at_its_place);
                    }
                }
            }
            let executed = chain.block(&included).expect("the model calls all valid");
            let got: Vec<_> = executed.transactions.iter().map(|transaction| {
                let failure = match &transaction.outcome {
                    Outcome::Applied => None,
                    Outcome::Failed { error, .. } => Some(error.code()),
                };
                (transaction.fee.base_units(), failure)
            }).collect();
            prop_assert_eq!(&got, &wanted);
            let fees: u128 = wanted.iter().map(|(fee, _)| fee).sum();
            rewards += executed.earnings.reward.base_units();
            held.push(fees + executed.earnings.reward.base_units());
            let depth = usize::try_from(chain.rules.params.confirmation_depth).expect("small");
            if held.len() > depth {
                paid += held[held.len() - 1 - depth];
            }
            // Balances, the author's included, and the issuance.
            let mut sum = chain.balance_of(&AUTHOR);
            prop_assert_eq!(sum, paid);
            for byte in 1..8u8 {
                let account = chain.account(byte);
                let model = accounts.get(&byte).copied().unwrap_or_default();
                prop_assert_eq!((account.balance.base_units(), account.nonce.0), model);
                sum += model.0;
            }
            let issuance = chain.issuance();
            prop_assert_eq!(issuance.total.base_units(), sum + issuance.held.base_units());
            prop_assert_eq!(issuance.total.base_units(), 4 * START + rewards);
            prop_assert_eq!(issuance.rewards.base_units(), rewards);
        }
    }
}

proptest! {
    #[test]
    fn junk_is_refused_without_a_panic(payload in proptest::collection::vec(any::<u8>(), 0..200)) {
        let chain = Chain::new(test_params(), &[]);
        let mut draft = chain.draft(1, 0, vec![LedgerCall::Store { data: Blob::new(vec![1]).expect("short") }]);
        let call = auto_core::Call { module: auto_ledger::MODULE, payload: Blob::new(payload).expect("short") };
        draft.calls = auto_core::List::new(vec![call.clone()]).expect("one");
        let signed = draft.sign(&pair(1), &chain.rules.genesis);
        if let Ok(checked) = auto_ledger::check(&chain.rules, &signed) {
            // Whatever decodes is the one encoding of what it decodes to.
            let decoded = checked.calls()[0].ledger().cloned();
            prop_assert_eq!(decoded.and_then(LedgerCall::into_call), Some(call));
        }
    }
}
