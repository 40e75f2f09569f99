//! What is known of hosts.

pub(super) mod bypass;
pub(super) mod shared_host;
