//! What is known of hosts.

pub(super) mod bypass;
mod host_index;
pub(super) mod shared_host;
