//! Helpers shared by the end-to-end tests.

pub mod browser;
pub mod fates;
pub mod fixed;
pub mod http;
pub mod laws;
pub mod server;
pub mod upstream;
pub mod verdicts;
