//! Scenarios of modules in the harness, and modules that must not pass it.

mod bank;
mod broken;
mod messages;
mod notices;
