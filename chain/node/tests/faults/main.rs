//! What a node does when something fails: its process, its disk, its clock, or whoever uses it.

mod clock;
mod crash;
mod disk_full;
mod door;
mod driver;
mod dropped;
mod extension;
mod fixture;
mod folder;
mod followers;
mod operators;
mod peers;
mod restart;
