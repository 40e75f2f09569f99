//! What goes wrong in configurations of servers, and what browsers say.

use std::borrow::Cow;

use crate::text::Span;

/// A kind of mistake. Each has a rule that explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Trap {
    /// A location's folder has no slash at its end, and its path none either: `..` leaves the folder.
    AliasTraversal,
    /// A browser says that a policy blocked something.
    Blocked,
    /// A header is sent beside the one of the application.
    DoubledByApplication,
    /// Two lines send the same header.
    HeaderTwice,
    /// Two lines send the same header, each in a table of its own.
    HeaderInOtherTable,
    /// A value with a decoded path in it can hold the end of a line.
    HeaderSplitting,
    /// A header's value is chosen by the client.
    ValueFromClient,
    /// A line end stands in a value.
    LineInValue,
    /// Longer than what servers and proxies take by default.
    LongHeader,
    /// An application is told the host that the client names.
    HostFromClient,
    /// HSTS over plain HTTP.
    HstsOverHttp,
    /// An `if` in a location takes its `try_files` away.
    IfWithoutTryFiles,
    /// A pattern that more hosts match than were meant.
    LooseOrigin,
    /// Headers are lost as a block sets one of its own.
    LostInheritance,
    /// A header is missing from errors.
    NotOnErrors,
    /// A redirect that goes where the client says.
    OpenRedirect,
    /// A condition on the path as it was sent, which another spelling of the path dodges.
    RawPath,
    /// The origin that asks is always allowed.
    ReflectedOrigin,
    /// The server that is asked is chosen by the client.
    ProxyToClient,
    /// Requests without a referrer pass a check of the referrer.
    RefererNone,
}

/// A mistake in a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caught {
    /// Its kind.
    pub trap: Trap,
    /// Where.
    pub at: Span,
    /// The header in question.
    pub header: Option<String>,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What to do in this case, where more can be said than the rule says.
    pub help: Option<Cow<'static, str>>,
}

impl Caught {
    /// A mistake, and what is to be said of it.
    pub fn new(trap: Trap, at: Span, message: impl Into<String>) -> Self {
        Self { trap, at, header: None, message: message.into(), help: None }
    }

    /// The same, with what to do in this case.
    #[must_use]
    pub fn with_help(mut self, help: &'static str) -> Self {
        self.help = Some(Cow::Borrowed(help));
        self
    }

    /// The same, about a header.
    #[must_use]
    pub fn about(mut self, header: &str) -> Self {
        self.header = Some(header.to_owned());
        self
    }
}
