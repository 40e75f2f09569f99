//! The machine formats of questions and answers, the same for every caller.

mod diff;
mod explain;
mod policies;
mod question;

pub use diff::{Changed, Compared, Diff, Unchanged, Witness};
pub use explain::{Consent, Explain, Explained, Objection};
pub use policies::{DispositionName, PolicyText};
pub use question::{Ask, AskError, Asked, Code, InlineText, RequestText};
