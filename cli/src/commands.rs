//! The commands, one file for each noun.

pub(crate) mod agent;
pub(crate) mod audit;
pub(crate) mod bench;
pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod dev;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod farm;
pub(crate) mod grant;
pub(crate) mod id;
pub(crate) mod lineage;
pub(crate) mod mcp;
pub(crate) mod node;
pub(crate) mod object;
pub(crate) mod operator;
pub(crate) mod sign;
pub(crate) mod status;
pub(crate) mod transfer;
pub(crate) mod verify;
pub(crate) mod wallet;
