//! Every path against a plain implementation, and that against constants of the production protocol.

use crate::lanes::{Batch, LANES};
use crate::path::Path;
use crate::shape::{BC, Meta, PROOF_VALUES, Shape, Step, at};
use crate::tables::{Tables, TablesGenerator};
use crate::{SpaceError, first, matching, step, verify::verify_with};
use auto_core::{Hash, SBucket, hash};

/// The lowest `count` bits of a number, first bit first.
fn bits(value: u128, count: u32) -> Vec<bool> {
    (0..count).rev().map(|bit| value >> bit & 1 == 1).collect()
}

fn number(bits: &[bool]) -> u128 {
    bits.iter().fold(0, |value, bit| value << 1 | u128::from(*bit))
}

/// `y` and metadata of a new entry, bit by bit.
fn plain(step: &Step, y: u32, left: u128, right: u128) -> (u32, u128) {
    let pair = [bits(left, step.parent_bits), bits(right, step.parent_bits)].concat();
    let input = [bits(y.into(), step.y_bits), pair.clone()].concat();
    let bytes = |chunk: &[bool]| {
        let mut chunk = chunk.to_vec();
        chunk.resize(8, false);
        u8::try_from(number(&chunk)).expect("eight bits")
    };
    let input: Vec<u8> = input.chunks(8).map(bytes).collect();
    let output: Vec<bool> =
        blake3::hash(&input).as_bytes().iter().flat_map(|byte| bits((*byte).into(), 8)).collect();
    let (y, rest) = output.split_at(step.y_bits.try_into().expect("fits"));
    let meta = if step.concatenates { &pair } else { &rest[..step.meta_bits.try_into().expect("fits")] };
    (number(y).try_into().expect("at most 26 bits"), number(meta))
}

fn aligned(value: u128, count: u32) -> Meta {
    let value = value.checked_shl(96 - count).unwrap_or(0);
    [64, 32, 0].map(|shift| u32::try_from(value >> shift & 0xFFFF_FFFF).expect("masked"))
}

/// The definition of a match, read literally: some `m` fulfils both congruences.
fn literally_matches(left: u32, right: u32) -> bool {
    let (l, r) = (i64::from(left), i64::from(right));
    let (bl, br) = (l / 15113, r / 15113);
    bl + 1 == br
        && (0..64).any(|m| {
            let rows = (r % 15113) / 127 - (l % 15113) / 127 - m;
            let columns = (r % 15113) % 127 - (l % 15113) % 127 - (2 * m + bl % 2) * (2 * m + bl % 2);
            rows % 119 == 0 && columns % 127 == 0
        })
}

/// Entry of a table: `y`, back-pointers, metadata.
type Entry = (u32, [u32; 2], u128);

/// Tables 1 to 7 by definition; in the first, the pointers are `x` twice.
fn plain_tables(k: u8, seed: &Hash) -> Vec<Vec<Entry>> {
    let shape = Shape { k };
    let (mut stream, mut keys) = (Vec::new(), Vec::new());
    first::values(shape, seed, &mut stream, &mut keys);
    let mut table: Vec<Entry> =
        keys.iter().map(|key| step::split(*key)).map(|(y, x)| (y, [x, x], x.into())).collect();
    table.sort_unstable();
    let mut tables = vec![table.clone()];
    for number in 2..=7 {
        let step = shape.step(number);
        let mut next = Vec::new();
        for (left, l) in table.iter().zip(0u32..) {
            let bucket = left.0 / BC + 1;
            let start = table.partition_point(|entry| entry.0 / BC < bucket);
            let rights = table.iter().zip(0u32..).skip(start).take_while(|(entry, _)| entry.0 / BC == bucket);
            for (right, r) in rights.filter(|(right, _)| literally_matches(left.0, right.0)) {
                let (y, meta) = plain(&step, left.0, left.2, right.2);
                next.push((y, [l, r], meta));
            }
        }
        next.sort_unstable();
        tables.push(next.clone());
        table = next;
    }
    tables
}

#[test]
fn tables_follow_the_definition_on_every_path() {
    for seed in [hash(b"plain"), Hash([255; 32])] {
        let plain = plain_tables(14, &seed);
        for path in Path::available() {
            let tables = TablesGenerator::with_path(14, path).expect("in range").generate(&seed);
            let xs: Vec<u32> = plain[0].iter().map(|entry| entry.1[0]).collect();
            assert_eq!(tables.xs, xs);
            for (links, plain) in tables.links.iter().zip(&plain[1..]) {
                let expected: Vec<[u32; 2]> = plain.iter().map(|entry| entry.1).collect();
                assert_eq!(*links, expected, "{path:?}");
            }
            let ys: Vec<u32> = plain[6].iter().map(|entry| entry.0).collect();
            assert_eq!(tables.ys, ys);
        }
    }
}

#[test]
fn every_path_gives_the_same_proofs() {
    for k in [15, 17, 18] {
        let seed = hash(&[k, 1]);
        let expected =
            TablesGenerator::with_path(k, Path::Portable).expect("in range").generate(&seed).proof_hashes();
        for path in Path::available() {
            let tables = TablesGenerator::with_path(k, path).expect("in range").generate(&seed);
            assert!(tables.proof_hashes() == expected, "{path:?}");
            for bucket in (0..200).map(SBucket) {
                if let Some(proof) = tables.proof(bucket) {
                    assert_eq!(verify_with(path, k, &seed, bucket, &proof), Ok(()));
                }
            }
        }
    }
}

/// Sixteen pairs of metadata of `count` bits, and `y` of `y_bits` bits, out of a hash.
fn random_pairs(step: &Step, round: u8) -> Vec<(u32, u128, u128)> {
    let pair = |lane: u8| {
        let random = hash(&[round, lane, 7]).0;
        let part = |at: usize| u128::from_be_bytes(random[at..at + 16].try_into().expect("16 bytes"));
        let y = u32::try_from(part(0) >> (128 - step.y_bits)).expect("at most 26 bits");
        (y, part(8) >> (128 - step.parent_bits), part(16) >> (128 - step.parent_bits))
    };
    (0..16).map(pair).take(LANES).collect()
}

#[test]
fn lanes_agree_with_the_blake3_crate_for_every_parameter_and_table() {
    for k in 14..=20 {
        for table in 2..=7 {
            let step = Shape { k }.step(table);
            let pairs = random_pairs(&step, table);
            for path in Path::available() {
                let mut batch = Batch::ZERO;
                for (lane, (y, left, right)) in pairs.iter().enumerate() {
                    let aligned = |meta| aligned(meta, step.parent_bits);
                    batch.put(lane, *y, &aligned(*left), &aligned(*right));
                }
                step::compute(path, &mut batch, &step);
                for (lane, (y, left, right)) in pairs.iter().enumerate() {
                    let (y, meta) = plain(&step, *y, *left, *right);
                    let expected = (y, aligned(meta, step.meta_bits));
                    assert_eq!(batch.take(lane), expected, "{path:?} k {k} table {table}");
                }
            }
        }
    }
}

#[test]
fn matching_follows_the_definition() {
    let mut matched = 0;
    for round in 0..40_000u32 {
        let random = hash(&round.to_le_bytes()).0;
        let word = |at: usize| u32::from_le_bytes(random[at..at + 4].try_into().expect("4 bytes"));
        let left = word(0) % (64 * BC);
        // The next bucket, the same, the one before and the one after next.
        let right = (left / BC + [1, 1, 1, 0, 2][at(round % 5)]) * BC + word(4) % BC;
        assert_eq!(matching::matches(left, right), literally_matches(left, right), "{left} {right}");
        matched += u32::from(matching::matches(left, right));
    }
    assert!(matched > 50, "{matched}");
}

#[test]
fn entries_that_repeat_a_value_are_neither_offered_nor_accepted() {
    let seed = hash(b"repeats");
    let tables = Tables::generate(14, &seed).expect("in range");
    let mut seen = tables.seen();
    let mut repeating = 0;
    for position in 0..tables.ys.len() {
        let xs = tables.values(position);
        if crate::tables::are_distinct(&xs, &mut seen) {
            continue;
        }
        repeating += 1;
        let proof = crate::tables::pack(Shape { k: 14 }, &xs);
        let bucket = SBucket(u16::try_from(tables.ys[position] >> 7).expect("13 bits"));
        let error = crate::verify(14, &seed, bucket, &proof).expect_err("a value is repeated");
        assert!(matches!(error, SpaceError::Repeated { .. }));
        assert_ne!(tables.proof(bucket), Some(proof));
    }
    assert!(repeating > 100, "{repeating} entries repeat a value");
    assert!(seen.iter().all(|word| *word == 0));
}

/// Chia prefixes its seeds by a byte of one.
fn chia_seed(seed: [u8; 32]) -> Hash {
    let mut prefixed = [1; 32];
    prefixed[1..].copy_from_slice(&seed[..31]);
    Hash(prefixed)
}

#[test]
fn the_first_function_gives_the_constants_of_chia() {
    let seed = chia_seed([
        0, 2, 3, 4, 5, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 1, 2, 3, 41, 5, 6, 7, 8, 9, 10, 11, 12, 13,
        11, 15, 16,
    ]);
    let ys = first::some_values(Shape { k: 25 }, &seed, &[525, 526, 625]);
    assert_eq!(ys, [2_016_650_816, 2_063_162_112, 1_930_299_520]);
    let x = 1_837_491;
    let ys = first::some_values(Shape { k: 22 }, &seed, &[x, x + 1, x + 2, x + 255]);
    assert_eq!(ys, [105_738_140, 192_213_404, 64_977_628, 91_711_644]);
}

#[test]
fn the_other_functions_give_the_constants_of_chia() {
    // Table, left metadata, right metadata, y; then y and metadata of the new entry.
    let cases: [(u8, u128, u128, u32, u32, u128); 12] = [
        (2, 0x44cb, 0x204f, 0x20a61a, 0x2af546, 0x44cb204f),
        (2, 0x3c5f, 0xfda9, 0x3988ec, 0x15293b, 0x3c5ffda9),
        (3, 0x35bf992d, 0x7ce42c82, 0x31e541, 0xf73b3, 0x35bf992d7ce42c82),
        (3, 0x7204e52d, 0xf1fd42a2, 0x28a188, 0x3fb0b5, 0x7204e52df1fd42a2),
        (4, 0x5b6e6e307d4bedc, 0x8a9a021ea648a7dd, 0x30cb4c, 0x11ad5, 0xd4bd0b144fc26138),
        (4, 0xb9d179e06c0fd4f5, 0xf06d3fef701966a0, 0x1dd5b6, 0xe69a2, 0xd02115f512009d4d),
        (5, 0xc2cd789a380208a9, 0x19999e3fa46d6753, 0x25f01e, 0x1f22bd, 0xabe423040a33),
        (5, 0xbe3edc0a1ef2a4f0, 0x4da98f1d3099fdf5, 0x3feb18, 0x31501e, 0x7300a3a03ac5),
        (6, 0xc965815a47c5, 0xf5e008d6af57, 0x1f121a, 0x1cabbe, 0xc8cc6947),
        (6, 0xd420677f6cbd, 0x5894aa2ca1af, 0x2efde9, 0xc2121, 0x421bb8ec),
        (7, 0x5fec898f, 0x82283d15, 0x14f410, 0x24c3c2, 0x0),
        (7, 0x64ac5db9, 0x7923986, 0x590fd, 0x1c74a2, 0x0),
    ];
    for (table, left, right, y, expected_y, expected_meta) in cases {
        let step = Shape { k: 16 }.step(table);
        assert_eq!(plain(&step, y, left, right), (expected_y, expected_meta));
    }
}

/// First proofs of the production protocol at its `K` of 20, by challenge index.
const PRODUCTION: [(u32, &str); 3] = [
    (
        600_426_542,
        "e7a0b6a09787b5b8a2b649f6640a40089dfba1b02f2b60153379068d73ac2ceb238db9e7e8705ee9\
         ea8122ea629c34247085ccf8a5205757b38eb709f350ffe99d587ec81785c55f1924962232c72af0\
         ce4db70fcb5ce246b17537f0e1c0ccd31942c1d65bd3ec70cde72af17ad67f6bda4271cc543e9929\
         612f6f41479abffc60b6ace8edf407849ec9ef85b8bf4863807fcac374315bcf0e866db8e2de7213",
    ),
    (
        1011,
        "1247ba6def525cf9f916f673328a8387cf6c8b389baf106f04b0bb58d19abb47ae4de956d13ae3c0\
         b94958067f3bdea621efce294134ffe97a6bda44674e2828e09db7b99b65227a33b43f5533a6d6b4\
         c884c7411837f4c54e57500bdd91e186f54ca5f55cf30c79f98d649da122863ab17468449d88b2cf\
         580b0cfb0c6a72c3a7b850a1da9aeda4906ce9d3df884031a68f44dd662a5ec71f5fc14c837542a5",
    ),
    (
        650,
        "a303012c3b16f561f216e800682cb09d774d6ab0e2cc42d6b37ccbbca387ac2ce019bbeeafb124f0\
         3575ec819ae880b0819e4e66ab6d2d5cd4ebb387990fba64508febb6cc48fcf226b2806ace3fd33a\
         553da86b566fbf6d1198870b6e89a717017eda4575e2a6a946045f2d103279a3fab4e18ae5686619\
         91baff81642aed7f1a186d8700c122776dfa2626bb982124932dff75958a327aa00c2cd449db3c1f",
    ),
];

#[test]
fn first_proofs_are_those_of_the_production_protocol() {
    let seed = Hash([
        35, 2, 52, 4, 51, 55, 23, 84, 91, 10, 111, 12, 13, 222, 151, 16, 228, 211, 254, 45, 92, 198, 204, 10,
        9, 10, 11, 129, 139, 171, 15, 23,
    ]);
    let tables = Tables::generate(20, &seed).expect("in range");
    let first = |index: u32| {
        let challenge = index.swap_bytes() >> 12;
        let position = tables.ys.partition_point(|y| y >> 6 < challenge);
        tables.first_proof(challenge, position, &mut tables.seen())
    };
    for (index, expected) in PRODUCTION {
        let proof = first(index).expect("the production protocol has one");
        assert_eq!(hex::encode(proof.bytes()), expected, "challenge {index}");
    }
    assert_eq!(first(1_232_460_437), None);
    let values: [u32; PROOF_VALUES] = tables.values(0);
    assert!(values.iter().all(|x| *x < 1 << 20));
}
