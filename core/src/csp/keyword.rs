//! The table of keywords: every one that a source list knows.
//!
//! What it says of browsers is from @mdn/browser-compat-data 8.1.9 (12 November 2026).

use super::directive::{Directive, DirectiveSet, is_spelling};
use super::support::Support;

/// What is known of a keyword.
struct Row {
    keyword: Keyword,
    unquoted: &'static str,
    allows: &'static str,
    /// The directives in whose lists it means something; `None` for all of them.
    in_lists_of: Option<DirectiveSet>,
    since: Support,
}

/// Lists that decide about inline code.
pub(crate) const INLINE: DirectiveSet = DirectiveSet::of(&[
    Directive::DefaultSrc,
    Directive::ScriptSrc,
    Directive::ScriptSrcElem,
    Directive::ScriptSrcAttr,
    Directive::StyleSrc,
    Directive::StyleSrcElem,
    Directive::StyleSrcAttr,
]);
/// Lists that decide about `eval` and WebAssembly.
const EVAL: DirectiveSet = DirectiveSet::of(&[Directive::DefaultSrc, Directive::ScriptSrc]);
/// Lists that decide about loaded scripts. Chromium honours `'strict-dynamic'` for workers, too.
const SCRIPTS: DirectiveSet = DirectiveSet::of(&[
    Directive::DefaultSrc,
    Directive::ScriptSrc,
    Directive::ScriptSrcElem,
    Directive::WorkerSrc,
]);
/// For attributes it takes the effect of `'unsafe-inline'` away (CSP Level 3, section 6.7.3.2).
const STRICT: DirectiveSet = DirectiveSet::of(&[
    Directive::DefaultSrc,
    Directive::ScriptSrc,
    Directive::ScriptSrcElem,
    Directive::ScriptSrcAttr,
    Directive::WorkerSrc,
]);
const CONNECT: DirectiveSet = DirectiveSet::of(&[Directive::DefaultSrc, Directive::ConnectSrc]);
const NOWHERE: DirectiveSet = DirectiveSet::of(&[]);

/// The enumeration and its table, from one row a keyword.
macro_rules! keywords {
    ($($variant:ident = $unquoted:literal {
        allows: $allows:literal, in_lists_of: $lists:expr,
        since: [$chrome:literal, $edge:literal, $firefox:literal, $safari:literal],
    })+) => {
        /// A keyword-source (CSP Level 3, section 2.3.1).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Keyword {
            $(#[doc = concat!("`'", $unquoted, "'` allows ", $allows, ".")] $variant,)+
        }

        static TABLE: &[Row] = &[$(Row {
            keyword: Keyword::$variant,
            unquoted: $unquoted,
            allows: $allows,
            in_lists_of: $lists,
            since: Support { chrome: $chrome, edge: $edge, firefox: $firefox, safari: $safari },
        }),+];

        impl Keyword {
            /// Its spelling, with quotes.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => concat!("'", $unquoted, "'")),+ }
            }
        }
    };
}

#[rustfmt::skip]
keywords! {
    SelfOrigin = "self" {
        allows: "the page's own origin, and its upgrade to HTTPS", in_lists_of: None,
        since: ["-", "-", "-", "-"],
    }
    UnsafeInline = "unsafe-inline" {
        allows: "any inline code", in_lists_of: Some(INLINE),
        since: ["-", "-", "-", "-"],
    }
    UnsafeEval = "unsafe-eval" {
        allows: "strings that become code, and WebAssembly", in_lists_of: Some(EVAL),
        since: ["-", "-", "-", "-"],
    }
    StrictDynamic = "strict-dynamic" {
        allows: "scripts that an allowed script loads; hosts and schemes then do not count", in_lists_of: Some(STRICT),
        since: ["52", "79", "52", "15.4"],
    }
    UnsafeHashes = "unsafe-hashes" {
        allows: "event handlers, `javascript:` URLs and style attributes whose hashes are there", in_lists_of: Some(INLINE),
        since: ["69", "79", "109", "15.4"],
    }
    ReportSample = "report-sample" {
        allows: "the first 40 characters of what is blocked, in the report", in_lists_of: Some(INLINE),
        since: ["59", "79", "63", "15.4"],
    }
    UnsafeAllowRedirects = "unsafe-allow-redirects" {
        allows: "nothing: it belonged to `navigate-to`", in_lists_of: Some(NOWHERE),
        since: ["-", "-", "-", "-"],
    }
    WasmUnsafeEval = "wasm-unsafe-eval" {
        allows: "WebAssembly", in_lists_of: Some(EVAL),
        since: ["97", "97", "102", "16"],
    }
    TrustedTypesEval = "trusted-types-eval" {
        allows: "strings that become code, if Trusted Types are enforced", in_lists_of: Some(EVAL),
        since: ["145", "145", "148", "26"],
    }
    UnsafeWebtransportHashes = "unsafe-webtransport-hashes" {
        allows: "WebTransport to a server whose certificate has a given hash", in_lists_of: Some(CONNECT),
        since: ["-", "-", "-", "-"],
    }
    ReportSha256 = "report-sha256" {
        allows: "the SHA-256 of each script that loads, in a report", in_lists_of: Some(SCRIPTS),
        since: ["-", "-", "-", "-"],
    }
    ReportSha384 = "report-sha384" {
        allows: "the SHA-384 of each script that loads, in a report", in_lists_of: Some(SCRIPTS),
        since: ["-", "-", "-", "-"],
    }
    ReportSha512 = "report-sha512" {
        allows: "the SHA-512 of each script that loads, in a report", in_lists_of: Some(SCRIPTS),
        since: ["-", "-", "-", "-"],
    }
}

impl Keyword {
    fn row(self) -> Option<&'static Row> {
        TABLE.get(self as usize)
    }

    /// Every keyword.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.keyword)
    }

    /// The keyword that `text` would be between quotes, whatever its case.
    pub fn from_unquoted(text: &str) -> Option<Self> {
        TABLE.iter().find(|row| is_spelling(text, row.unquoted)).map(|row| row.keyword)
    }

    /// What it lets through, in a few words of Markdown.
    pub fn allows(self) -> &'static str {
        self.row().map_or("", |row| row.allows)
    }

    /// Whether it means something in a list of this directive.
    pub fn counts_in(self, directive: Directive) -> bool {
        self.row().and_then(|row| row.in_lists_of).is_none_or(|lists| lists.contains(directive))
    }

    /// The first versions of browsers that know it; none are on record for those as old as policies.
    pub fn since(self) -> Support {
        self.row().map_or(Support::NONE, |row| row.since)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enumeration() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.keyword as usize, index, "{}", row.unquoted);
            assert_eq!(Keyword::from_unquoted(row.unquoted), Some(row.keyword));
        }
    }
}
