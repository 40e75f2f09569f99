//! JavaScript: what a script asks for, makes and runs, as far as reading tells.
//!
//! `parse.rs` hands the script to `oxc`, which parses and tells variables apart, and `nesting.rs` keeps its recursion
//! within the stack; `value.rs` and `member.rs` follow names to what they stand for, and `text.rs` expressions to texts;
//! `sinks.rs` knows which calls and assignments load or run something, `library.rs` which of libraries do,
//! `feature_use.rs` which use a feature that `Permissions-Policy` governs; `import.rs` has what modules import, `blob.rs`
//! code in texts, and `made_element.rs` reads the elements that scripts make as if they stood in a page.
//!
//! What cannot be told is not left out: it is given as [`super::address::unread`].

mod blob;
mod feature_use;
mod import;
mod library;
mod made_element;
mod member;
mod nesting;
mod parse;
mod sinks;
#[cfg(test)]
mod tests;
mod text;
mod value;

pub(super) use parse::read;

use super::model::Kind;

/// How a script is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Goal {
    /// A script, or a module if it has imports or exports: a file, of which only its user knows.
    File,
    /// A classic script, or the body of an event handler.
    Classic,
    /// A module.
    Module,
}

/// What a relative address in a script is relative to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// The page that runs the script.
    Page,
    /// The script.
    Script,
}

/// Something that a script loads or runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Use {
    /// Where in the script, in bytes.
    pub(super) offset: usize,
    pub(super) what: What,
}

/// What a script does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// It asks for a URL, or for what reading does not tell ([`unread`]).
    Url(Kind, String, Base),
    /// It imports a module, which is of this kind, by this name.
    Import(Kind, String),
    /// It makes an element, with these attributes and this text.
    Element { name: String, attributes: Vec<(String, String)>, text: Option<String> },
    /// It turns a text into markup; scripts in it run only where it is written into the page being parsed.
    Markup { text: String, runs_scripts: bool },
    /// It has a text of CSS.
    Css(String),
    /// It uses a feature that `Permissions-Policy` governs.
    Feature(&'static str),
    /// It creates a Trusted Types policy of this name, or of one that reading does not tell ([`unread`]).
    Policy(String),
    /// It does what a policy can forbid, at this piece of code.
    Code(Kind, String),
}
