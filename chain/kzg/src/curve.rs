//! Safe field, curve and pairing arithmetic over blst: the only place of this crate with `unsafe`.

#![allow(
    unsafe_code,
    reason = "blst offers field and curve arithmetic only through its C interface; each call here passes \
              references to initialised values of the exact types that the interface names"
)]

mod fp;
mod fr;
mod g1;
mod pairing;

pub(crate) use fp::Fp;
pub(crate) use fr::{Fr, batch_invert};
pub(crate) use g1::{Affine, G1};
pub(crate) use pairing::{G2Affine, pairings_cancel};
