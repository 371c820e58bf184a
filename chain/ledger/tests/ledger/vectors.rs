//! Frozen values: a change of any of these is a change of the protocol.

use crate::chain::{Chain, test_params};
use auto_core::{Amount, HistorySize, Preset, ProtocolParams, SolutionRange, pieces_to_range};
use auto_ledger::byte_fee;

#[test]
fn storage_prices() {
    let mut params = ProtocolParams::preset(Preset::Production);
    params.byte_fee_max = Amount::from_base_units(u128::MAX);
    let prices: Vec<u128> =
        [(10_000, 1), (1_000_000, 1), (100_000_000, 10_000), (100_000_000, 15_625), (100_000_000, 15_624)]
            .into_iter()
            .map(|(pieces, segments)| {
                let range: SolutionRange = pieces_to_range(&params, pieces);
                let history = HistorySize::new(segments).expect("not zero");
                byte_fee(&params, Amount::ai3(1_000_000_000), range, history).base_units()
            })
            .collect();
    assert_eq!(prices, PRICES);
}

const PRICES: [u128; 5] = [
    52_943_129_760_646_228_077,
    191_822_933_915_384_884,
    5_294_312_976_064_622,
    1_000_000_000_000_000_000_000_000_000,
    29_780_510_490_363_503_293,
];

#[test]
fn ledger_state_root_after_a_transfer() {
    let mut chain = Chain::new(test_params(), &[(1, Amount::ai3(100)), (2, Amount::ai3(50))]);
    let roots = [chain.state().root(), {
        chain.block(&[chain.transfer(1, 0, 3, Amount::ai3(7))]).expect("valid");
        chain.state().root()
    }];
    assert_eq!(roots.map(|root| root.to_string()), STATE_ROOTS);
}

const STATE_ROOTS: [&str; 2] = [
    "96a882fb070e868242e21377b6b3d55da177f3be2bf466babae9a855bdf80a0c",
    "7cdef011c935f2e4ea3ea5f94640db33ea6360546e6e06424b8e219bad70dd73",
];
