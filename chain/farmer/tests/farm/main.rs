//! Farms from plotting to proving, whole and damaged, on disks that behave and disks that do not.

mod crash;
mod damage;
mod expiry;
mod history;
mod memory;
mod opening;
mod round_trip;
mod vectors;
