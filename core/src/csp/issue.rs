//! What can be wrong with the text of a policy.

use std::borrow::Cow;
use std::collections::BTreeSet;

use memchr::memchr;

use super::directive::{Directive, Grammar, Status};
use super::keyword::Keyword;
use super::policy::{Delivery, Ignored, ParsedDirective, Policy, Source, Value};
use super::sandbox::SANDBOX_TOKENS;
use super::source_expression::SourceExpression;
use crate::text::{Sketch, Span};

/// Something wrong, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Issue {
    /// What.
    pub code: IssueCode,
    /// The text in question.
    pub span: Span,
}

impl Issue {
    pub(super) const fn new(code: IssueCode, span: Span) -> Self {
        Self { code, span }
    }
}

macro_rules! issue_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal,)+) => {
        /// A kind of mistake in the text of a policy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum IssueCode {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl IssueCode {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code's name, such as `duplicate-directive`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

issue_codes! {
    /// Browsers keep the first directive of a name, and drop this one.
    DuplicateDirective = "duplicate-directive",
    /// No specification knows the name.
    UnknownDirective = "unknown-directive",
    /// No current browser understands the directive.
    RemovedDirective = "removed-directive",
    /// Something else is meant to be used.
    DeprecatedDirective = "deprecated-directive",
    /// The name holds characters that no name has.
    InvalidDirectiveName = "invalid-directive-name",
    /// A character beyond ASCII makes browsers drop the whole directive.
    NonAsciiDirective = "non-ascii-directive",
    /// There is no directive at all.
    EmptyPolicy = "empty-policy",
    /// A source list without a source, which is the same as `'none'`.
    EmptySourceList = "empty-source-list",
    /// Not a source expression.
    InvalidSource = "invalid-source",
    /// A nonce that is not base64.
    InvalidNonce = "invalid-nonce",
    /// A hash that is not base64, or of an algorithm that browsers do not know.
    InvalidHash = "invalid-hash",
    /// A source with a query.
    SourceHasQuery = "source-has-query",
    /// A source with a fragment.
    SourceHasFragment = "source-has-fragment",
    /// `'none'` beside others, which browsers ignore.
    NoneNotAlone = "none-not-alone",
    /// A keyword without its quotes, which is read as a host.
    UnquotedKeyword = "unquoted-keyword",
    /// A directive's name among the values of another.
    MissingSemicolon = "missing-semicolon",
    /// The same value twice.
    DuplicateValue = "duplicate-value",
    /// A value where there can be none.
    UnexpectedValue = "unexpected-value",
    /// No value where there must be one.
    MissingValue = "missing-value",
    /// A second value where there can be one.
    ExtraValue = "extra-value",
    /// Not a token.
    InvalidToken = "invalid-token",
    /// A value that the directive does not know.
    InvalidValue = "invalid-value",
    /// Not a sandboxing keyword.
    InvalidSandboxToken = "invalid-sandbox-token",
    /// The directive does not count in a `<meta>`.
    IgnoredInMeta = "ignored-in-meta",
    /// The directive does not count in a policy that only reports.
    IgnoredInReportOnly = "ignored-in-report-only",
}

/// What is wrong with the text of a policy, in the order of the text.
///
/// ```
/// use cspc_core::csp::{Delivery, IssueCode, issues, parse_list};
/// let policies = parse_list("img-src self", Delivery::Header);
/// assert_eq!(issues(&policies[0], Delivery::Header)[0].code, IssueCode::UnquotedKeyword);
/// ```
pub fn issues(policy: &Policy<'_>, delivery: Delivery) -> Vec<Issue> {
    let mut found = Vec::new();
    if policy.is_empty() {
        found.push(Issue::new(IssueCode::EmptyPolicy, policy.span));
    }
    for directive in &policy.directives {
        let sources: Vec<Source<'_>> = directive.sources().collect();
        check(directive, &sources, delivery, &mut |issue| found.push(issue));
    }
    found
}

/// Tells what is wrong with a directive; `sources` are its values, if it takes a source list.
pub(crate) fn check(
    directive: &ParsedDirective<'_>,
    sources: &[Source<'_>],
    delivery: Delivery,
    found: &mut dyn FnMut(Issue),
) {
    let mut checker = Checker { directive, sources, found };
    match (directive.ignored, directive.directive) {
        (Some(Ignored::NonAscii), _) => checker.whole(IssueCode::NonAsciiDirective),
        (Some(Ignored::Duplicate), _) => checker.name(IssueCode::DuplicateDirective),
        (None, Some(known)) => checker.known(known, delivery),
        (None, None) => checker.unknown(),
    }
}

struct Checker<'c, 'a> {
    directive: &'c ParsedDirective<'a>,
    sources: &'c [Source<'a>],
    found: &'c mut dyn FnMut(Issue),
}

impl Checker<'_, '_> {
    fn whole(&mut self, code: IssueCode) {
        (self.found)(Issue::new(code, self.directive.span));
    }

    fn name(&mut self, code: IssueCode) {
        (self.found)(Issue::new(code, self.directive.name_span()));
    }

    fn value(&mut self, code: IssueCode, span: Span) {
        (self.found)(Issue::new(code, span));
    }

    fn unknown(&mut self) {
        let name = self.directive.name;
        let is_name = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        self.name(if is_name {
            IssueCode::UnknownDirective
        } else {
            IssueCode::InvalidDirectiveName
        });
    }

    fn known(&mut self, known: Directive, delivery: Delivery) {
        match known.status() {
            Status::Unshipped => return self.name(IssueCode::UnknownDirective),
            Status::Removed => self.name(IssueCode::RemovedDirective),
            Status::Deprecated => self.name(IssueCode::DeprecatedDirective),
            Status::Standard | Status::Experimental => {}
        }
        match delivery {
            Delivery::Meta if !known.in_meta() => self.name(IssueCode::IgnoredInMeta),
            Delivery::ReportOnly if !known.in_report_only() => {
                self.name(IssueCode::IgnoredInReportOnly)
            }
            _ => {}
        }
        self.values(known.grammar());
    }

    fn values(&mut self, grammar: Grammar) {
        match grammar {
            Grammar::SourceList => self.source_list(|_| true),
            Grammar::AncestorSourceList => self.source_list(can_be_ancestor),
            Grammar::Empty => self.each(|_| Some(IssueCode::UnexpectedValue)),
            Grammar::SandboxTokens => {
                self.duplicates(|text| text.to_ascii_lowercase().into());
                self.each(sandbox_token);
            }
            Grammar::PolicyNames => self.policy_names(),
            Grammar::SinkGroups => {
                self.required();
                self.each(|text| (text != "'script'").then_some(IssueCode::InvalidValue));
            }
            Grammar::UriReferences => {
                self.required();
                self.each(|text| is_directive(text).then_some(IssueCode::MissingSemicolon));
            }
            Grammar::Token => self.one(|text| (!is_token(text)).then_some(IssueCode::InvalidToken)),
            Grammar::AllowOrBlock => self.one(|text| {
                let known =
                    ["'allow'", "'block'"].iter().any(|known| known.eq_ignore_ascii_case(text));
                (!known).then_some(IssueCode::InvalidValue)
            }),
            Grammar::Free => {}
        }
    }

    fn each(&mut self, judge: impl Fn(&str) -> Option<IssueCode>) {
        for value in self.directive.values() {
            if let Some(code) = judge(value.text) {
                self.value(code, value.span);
            }
        }
    }

    fn required(&mut self) {
        if self.directive.is_empty() {
            self.name(IssueCode::MissingValue);
        }
    }

    /// Exactly one value.
    fn one(&mut self, judge: impl Fn(&str) -> Option<IssueCode>) {
        self.required();
        for (index, value) in self.directive.values().enumerate() {
            let code = if index == 0 { judge(value.text) } else { Some(IssueCode::ExtraValue) };
            if let Some(code) = code {
                self.value(code, value.span);
            }
        }
    }

    fn duplicates(&mut self, key: fn(&str) -> Cow<'_, str>) {
        let mut seen = BTreeSet::new();
        for value in self.directive.values() {
            if !seen.insert(key(value.text)) {
                self.value(IssueCode::DuplicateValue, value.span);
            }
        }
    }

    fn policy_names(&mut self) {
        self.duplicates(|name| name.into());
        let with_others = self.directive.values().nth(1).is_some();
        self.each(|text| {
            let is_none = text.eq_ignore_ascii_case("'none'");
            let is_known =
                is_none || text.eq_ignore_ascii_case("'allow-duplicates'") || text == "*";
            if is_none && with_others {
                Some(IssueCode::NoneNotAlone)
            } else if text.contains('-') && is_directive(text) {
                Some(IssueCode::MissingSemicolon)
            } else {
                (!is_known && !is_trusted_types_name(text)).then_some(IssueCode::InvalidValue)
            }
        });
    }

    fn source_list(&mut self, can_stand: fn(SourceExpression<'_>) -> bool) {
        self.duplicate_sources();
        if self.sources.is_empty() {
            self.name(IssueCode::EmptySourceList);
        }
        let with_others = self.sources.len() > 1;
        for source in self.sources {
            let Source { value, expression } = source;
            match expression {
                SourceExpression::None if with_others => {
                    self.value(IssueCode::NoneNotAlone, value.span);
                }
                SourceExpression::Invalid(text) => self.invalid_source(text, value),
                SourceExpression::Host(_) => self.suspicious_host(value),
                other if !can_stand(*other) => self.value(IssueCode::InvalidSource, value.span),
                _ => {}
            }
        }
    }

    fn duplicate_sources(&mut self) {
        let mut sketch = Sketch::default();
        if !self.sources.iter().any(|source| sketch.add(source.value.text)) {
            return;
        }
        if self.sources.len() <= FEW {
            for (index, source) in self.sources.iter().enumerate() {
                let mut earlier = self.sources.iter().take(index);
                if earlier.any(|other| other.is_same(source)) {
                    self.value(IssueCode::DuplicateValue, source.value.span);
                }
            }
            return;
        }
        let mut seen = BTreeSet::new();
        for source in self.sources {
            if !seen.insert(source.normalized()) {
                self.value(IssueCode::DuplicateValue, source.value.span);
            }
        }
    }

    fn invalid_source(&mut self, text: &str, value: &Value<'_>) {
        self.value(IssueCode::InvalidSource, value.span);
        let has_prefix = |prefix: &str| {
            text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        };
        if has_prefix("'nonce-") {
            self.value(IssueCode::InvalidNonce, value.span);
        } else if has_prefix("'sha") {
            self.value(IssueCode::InvalidHash, value.span);
        } else if !text.starts_with('\'') {
            let (before, fragment) =
                text.split_once('#').map_or((text, None), |(before, after)| (before, Some(after)));
            if before.contains('?') {
                self.value(IssueCode::SourceHasQuery, value.span);
            }
            if fragment.is_some() {
                self.value(IssueCode::SourceHasFragment, value.span);
            }
        }
    }

    /// A host that looks like something else: a keyword, or the next directive.
    fn suspicious_host(&mut self, value: &Value<'_>) {
        let text = value.text;
        // Keywords and directives have no dot, and most hosts have.
        if memchr(b'.', text.as_bytes()).is_some() {
            return;
        }
        if is_unquoted(text) {
            self.value(IssueCode::UnquotedKeyword, value.span);
        } else if is_directive(text) {
            self.value(IssueCode::MissingSemicolon, value.span);
        }
    }
}

/// With so many values, comparing each with each is quicker than sorting them.
const FEW: usize = 16;

/// Whether quotes would make it a keyword, a nonce or a hash.
fn is_unquoted(text: &str) -> bool {
    let has_prefix = |prefix: &&str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    };
    text.eq_ignore_ascii_case("none")
        || Keyword::from_unquoted(text).is_some()
        || ["nonce-", "sha256-", "sha384-", "sha512-"].iter().any(has_prefix)
}

/// Whether it is the name of a directive, and nothing else that could stand among values.
fn is_directive(text: &str) -> bool {
    let is_word = |known| matches!(known, Directive::Allow | Directive::Options);
    Directive::from_name(text).is_some_and(|known| !is_word(known))
}

/// ancestor-source (CSP Level 3, section 6.4.2).
const fn can_be_ancestor(expression: SourceExpression<'_>) -> bool {
    matches!(
        expression,
        SourceExpression::None
            | SourceExpression::Scheme(_)
            | SourceExpression::Keyword(Keyword::SelfOrigin)
    )
}

fn sandbox_token(text: &str) -> Option<IssueCode> {
    let known = SANDBOX_TOKENS.iter().any(|known| known.eq_ignore_ascii_case(text));
    (!known).then_some(IssueCode::InvalidSandboxToken)
}

/// A token of RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}
/// Whether the text is a tt-policy-name (Trusted Types, section 4.1.2).
pub(crate) fn is_trusted_types_name(text: &str) -> bool {
    let of_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-#=_/@.%".contains(&byte);
    !text.is_empty() && text.bytes().all(of_name)
}
