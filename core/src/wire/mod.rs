//! The machine formats of questions and answers, the same for every caller.

mod check;
mod diff;
mod effective;
mod explain;
mod grade;
mod language;
mod parse;
mod policies;
mod question;
mod read;
mod recording;
mod rules;
mod services;

use serde::Serialize;

pub use check::findings;
pub use diff::{Changed, Compared, Diff, Unchanged, Witness};
pub use effective::{Effective, EffectiveHeader, EffectivePlace, LostHeader, Unknown};
pub use explain::{Consent, Explain, Explained, Objection};
pub use grade::{CaptureError, Captured, Graded, Remark, Tested, ToDo};
pub use language::Language;
pub use parse::{DeliveryName, Parse, Tree};
pub use policies::{DispositionName, PolicyText};
pub use question::{Ask, AskError, Asked, Code, InlineText, RequestText};
pub use read::{Responses, Text, TextError};
pub use rules::RuleEntry;
pub use services::{ServiceEntry, ServiceUse};

/// The answer to what is no question.
#[derive(Clone, Debug, Serialize)]
pub struct Refusal {
    /// Why it is none.
    pub error: String,
}
