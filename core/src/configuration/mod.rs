//! What the configuration of a server sends, by place and status, and the traps in it: what every reader in
//! [`deployment`](crate::deployment) makes of a configuration, whatever the server, and what rules and renderers take.

mod effective;
mod path;
mod pattern;
mod sources;
mod trap;

pub use effective::{Asked, Loss, Lost, Note, Place, Sent, Table, grouped};
pub use path::normalized;
pub(crate) use path::{cleaned, decoded};
pub(crate) use pattern::escaped;
pub use pattern::{Captures, Pattern};
pub use sources::{SourceText, Sources};
pub use trap::{Caught, Trap};
