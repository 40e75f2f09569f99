//! What can be wrong with the text of a policy.

use std::collections::HashSet;

use super::directive::{Directive, Grammar, Status};
use super::policy::{Delivery, ParsedDirective, Value};
use super::source_expression::{Keyword, SourceExpression};
use crate::text::Span;

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

/// HTML's sandboxing keywords.
const SANDBOX_TOKENS: [&str; 15] = [
    "allow-downloads",
    "allow-downloads-without-user-activation",
    "allow-forms",
    "allow-modals",
    "allow-orientation-lock",
    "allow-pointer-lock",
    "allow-popups",
    "allow-popups-to-escape-sandbox",
    "allow-presentation",
    "allow-same-origin",
    "allow-scripts",
    "allow-storage-access-by-user-activation",
    "allow-top-navigation",
    "allow-top-navigation-by-user-activation",
    "allow-top-navigation-to-custom-protocols",
];

/// Adds what is wrong with a directive that counts.
pub(super) fn check(directive: &ParsedDirective<'_>, delivery: Delivery, issues: &mut Vec<Issue>) {
    let mut checker = Checker { directive, issues };
    match directive.directive {
        Some(known) => checker.known(known, delivery),
        None => checker.unknown(),
    }
}

struct Checker<'c, 'a> {
    directive: &'c ParsedDirective<'a>,
    issues: &'c mut Vec<Issue>,
}

impl Checker<'_, '_> {
    fn name(&mut self, code: IssueCode) {
        self.issues.push(Issue::new(code, self.directive.name_span));
    }

    fn value(&mut self, code: IssueCode, value: &Value<'_>) {
        self.issues.push(Issue::new(code, value.span));
    }

    fn unknown(&mut self) {
        let is_name =
            self.directive.name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        self.name(if is_name {
            IssueCode::UnknownDirective
        } else {
            IssueCode::InvalidDirectiveName
        });
    }

    fn known(&mut self, known: Directive, delivery: Delivery) {
        match known.status() {
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
        let values = &self.directive.values;
        match grammar {
            Grammar::SourceList => self.source_list(|_| true),
            Grammar::AncestorSourceList => self.source_list(can_be_ancestor),
            Grammar::Empty => self.each(values, |_| Some(IssueCode::UnexpectedValue)),
            Grammar::SandboxTokens => {
                self.duplicates();
                self.each(values, sandbox_token);
            }
            Grammar::PolicyNames => self.policy_names(),
            Grammar::SinkGroups => {
                self.required();
                self.each(values, |text| (text != "'script'").then_some(IssueCode::InvalidValue));
            }
            Grammar::UriReferences => self.required(),
            Grammar::Token => self.one(|text| (!is_token(text)).then_some(IssueCode::InvalidToken)),
            Grammar::AllowOrBlock => self.one(|text| {
                let known =
                    ["'allow'", "'block'"].iter().any(|known| known.eq_ignore_ascii_case(text));
                (!known).then_some(IssueCode::InvalidValue)
            }),
            Grammar::Free => {}
        }
    }

    fn each(&mut self, values: &[Value<'_>], judge: impl Fn(&str) -> Option<IssueCode>) {
        for value in values {
            if let Some(code) = judge(value.text) {
                self.value(code, value);
            }
        }
    }

    fn required(&mut self) {
        if self.directive.values.is_empty() {
            self.name(IssueCode::MissingValue);
        }
    }

    /// Exactly one value.
    fn one(&mut self, judge: impl Fn(&str) -> Option<IssueCode>) {
        self.required();
        let values = &self.directive.values;
        if let Some((first, more)) = values.split_first() {
            self.each(std::slice::from_ref(first), judge);
            self.each(more, |_| Some(IssueCode::ExtraValue));
        }
    }

    fn duplicates(&mut self) {
        let mut seen = HashSet::new();
        for value in &self.directive.values {
            if !seen.insert(comparable(value)) {
                self.value(IssueCode::DuplicateValue, value);
            }
        }
    }

    fn policy_names(&mut self) {
        self.duplicates();
        let values = &self.directive.values;
        for value in values {
            let keyword = ["'none'", "'allow-duplicates'"]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(value.text));
            let name = |c: char| c.is_ascii_alphanumeric() || "-#=_/@.%".contains(c);
            if value.text.eq_ignore_ascii_case("'none'") && values.len() > 1 {
                self.value(IssueCode::NoneNotAlone, value);
            } else if !keyword && value.text != "*" && !value.text.chars().all(name) {
                self.value(IssueCode::InvalidValue, value);
            }
        }
    }

    fn source_list(&mut self, can_stand: fn(SourceExpression<'_>) -> bool) {
        self.duplicates();
        let values = &self.directive.values;
        if values.is_empty() {
            self.name(IssueCode::EmptySourceList);
        }
        let with_others = values.len() > 1;
        for value in values {
            match value.source_expression() {
                SourceExpression::None if with_others => self.value(IssueCode::NoneNotAlone, value),
                SourceExpression::Invalid(text) => self.invalid_source(text, value),
                SourceExpression::Host(_) => self.suspicious_host(value),
                other if !can_stand(other) => self.value(IssueCode::InvalidSource, value),
                _ => {}
            }
        }
    }

    fn invalid_source(&mut self, text: &str, value: &Value<'_>) {
        self.value(IssueCode::InvalidSource, value);
        let lower = text.to_ascii_lowercase();
        if lower.starts_with("'nonce-") {
            self.value(IssueCode::InvalidNonce, value);
        } else if lower.starts_with("'sha") {
            self.value(IssueCode::InvalidHash, value);
        } else if !text.starts_with('\'') {
            let (before, fragment) =
                text.split_once('#').map_or((text, None), |(before, after)| (before, Some(after)));
            if before.contains('?') {
                self.value(IssueCode::SourceHasQuery, value);
            }
            if fragment.is_some() {
                self.value(IssueCode::SourceHasFragment, value);
            }
        }
    }

    /// A host that looks like something else: a keyword, or the next directive.
    fn suspicious_host(&mut self, value: &Value<'_>) {
        let text = value.text;
        let algorithm = ["nonce-", "sha256-", "sha384-", "sha512-"];
        let prefixed = algorithm.iter().any(|prefix| text.to_ascii_lowercase().starts_with(prefix));
        if text.eq_ignore_ascii_case("none") || Keyword::from_unquoted(text).is_some() || prefixed {
            self.value(IssueCode::UnquotedKeyword, value);
        } else if Directive::from_name(text).is_some_and(|known| known.as_str().contains('-')) {
            self.value(IssueCode::MissingSemicolon, value);
        }
    }
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

/// Keywords, schemes and hosts mean the same in any case; nonces, hashes and paths do not.
fn comparable(value: &Value<'_>) -> String {
    match value.source_expression() {
        SourceExpression::Nonce(_) | SourceExpression::Hash(..) => value.text.to_owned(),
        SourceExpression::Host(host) if host.path.is_some() => value.text.to_owned(),
        _ => value.text.to_ascii_lowercase(),
    }
}

fn sandbox_token(text: &str) -> Option<IssueCode> {
    let known = SANDBOX_TOKENS.iter().any(|known| known.eq_ignore_ascii_case(text));
    (!known).then_some(IssueCode::InvalidSandboxToken)
}

/// A token of RFC 9110, section 5.6.2.
fn is_token(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}
