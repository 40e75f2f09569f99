//! The table of directives: every one ever defined.

/// A directive of Content-Security-Policy, in the order in which cspc writes them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Directive {
    /// `default-src`.
    DefaultSrc,
    /// `script-src`.
    ScriptSrc,
    /// `script-src-elem`.
    ScriptSrcElem,
    /// `script-src-attr`.
    ScriptSrcAttr,
    /// `style-src`.
    StyleSrc,
    /// `style-src-elem`.
    StyleSrcElem,
    /// `style-src-attr`.
    StyleSrcAttr,
    /// `img-src`.
    ImgSrc,
    /// `font-src`.
    FontSrc,
    /// `connect-src`.
    ConnectSrc,
    /// `media-src`.
    MediaSrc,
    /// `object-src`.
    ObjectSrc,
    /// `frame-src`.
    FrameSrc,
    /// `fenced-frame-src`.
    FencedFrameSrc,
    /// `child-src`.
    ChildSrc,
    /// `worker-src`.
    WorkerSrc,
    /// `manifest-src`.
    ManifestSrc,
    /// `prefetch-src`.
    PrefetchSrc,
    /// `base-uri`.
    BaseUri,
    /// `form-action`.
    FormAction,
    /// `frame-ancestors`.
    FrameAncestors,
    /// `navigate-to`.
    NavigateTo,
    /// `sandbox`.
    Sandbox,
    /// `require-trusted-types-for`.
    RequireTrustedTypesFor,
    /// `trusted-types`.
    TrustedTypes,
    /// `upgrade-insecure-requests`.
    UpgradeInsecureRequests,
    /// `block-all-mixed-content`.
    BlockAllMixedContent,
    /// `webrtc`.
    Webrtc,
    /// `report-uri`.
    ReportUri,
    /// `report-to`.
    ReportTo,
    /// `plugin-types`.
    PluginTypes,
    /// `referrer`.
    Referrer,
    /// `reflected-xss`.
    ReflectedXss,
    /// `require-sri-for`.
    RequireSriFor,
    /// `disown-opener`.
    DisownOpener,
    /// `input-protection`.
    InputProtection,
    /// `input-protection-clip`.
    InputProtectionClip,
    /// `input-protection-selectors`.
    InputProtectionSelectors,
    /// `xhr-src`.
    XhrSrc,
    /// `policy-uri`.
    PolicyUri,
    /// `allow`.
    Allow,
    /// `options`.
    Options,
    /// `frame-options`.
    FrameOptions,
}

/// Where a directive stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// In a specification, and meant to be used.
    Standard,
    /// Known to some browsers, or to be.
    Experimental,
    /// Still understood; something else is meant to be used.
    Deprecated,
    /// Understood by no current browser.
    Removed,
}

/// What a directive's value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grammar {
    /// Source expressions (CSP Level 3, section 2.3.1).
    SourceList,
    /// Schemes, hosts, `'self'` or `'none'` (section 6.4.2).
    AncestorSourceList,
    /// Sandboxing keywords (HTML).
    SandboxTokens,
    /// Names of Trusted Types policies and the keywords beside them.
    PolicyNames,
    /// `'script'` (Trusted Types).
    SinkGroups,
    /// URLs to report to.
    UriReferences,
    /// The name of one reporting endpoint.
    Token,
    /// `'allow'` or `'block'` (section 6.3).
    AllowOrBlock,
    /// Nothing.
    Empty,
    /// Whatever it once was.
    Free,
}

/// What is known of a directive.
#[derive(Debug)]
struct Row {
    directive: Directive,
    name: &'static str,
    status: Status,
    grammar: Grammar,
    falls_back_to: &'static [Directive],
    in_meta: bool,
    in_report_only: bool,
    instead: Option<&'static str>,
}

/// One row a directive, in the order of the enumeration.
#[rustfmt::skip]
static TABLE: &[Row] = &[
    Row { directive: Directive::DefaultSrc, name: "default-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::ScriptSrc, name: "script-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::ScriptSrcElem, name: "script-src-elem", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::ScriptSrc, Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::ScriptSrcAttr, name: "script-src-attr", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::ScriptSrc, Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::StyleSrc, name: "style-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::StyleSrcElem, name: "style-src-elem", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::StyleSrc, Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::StyleSrcAttr, name: "style-src-attr", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::StyleSrc, Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::ImgSrc, name: "img-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::FontSrc, name: "font-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::ConnectSrc, name: "connect-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::MediaSrc, name: "media-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::ObjectSrc, name: "object-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::FrameSrc, name: "frame-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::ChildSrc, Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::FencedFrameSrc, name: "fenced-frame-src", status: Status::Experimental, grammar: Grammar::SourceList, falls_back_to: &[Directive::FrameSrc, Directive::ChildSrc, Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::ChildSrc, name: "child-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::WorkerSrc, name: "worker-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::ChildSrc, Directive::ScriptSrc, Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::ManifestSrc, name: "manifest-src", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::PrefetchSrc, name: "prefetch-src", status: Status::Removed, grammar: Grammar::SourceList, falls_back_to: &[Directive::DefaultSrc], in_meta: true, in_report_only: true, instead: Some("default-src (resource-hint check)") },
    Row { directive: Directive::BaseUri, name: "base-uri", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::FormAction, name: "form-action", status: Status::Standard, grammar: Grammar::SourceList, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::FrameAncestors, name: "frame-ancestors", status: Status::Standard, grammar: Grammar::AncestorSourceList, falls_back_to: &[], in_meta: false, in_report_only: true, instead: None },
    Row { directive: Directive::NavigateTo, name: "navigate-to", status: Status::Removed, grammar: Grammar::SourceList, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::Sandbox, name: "sandbox", status: Status::Standard, grammar: Grammar::SandboxTokens, falls_back_to: &[], in_meta: false, in_report_only: false, instead: None },
    Row { directive: Directive::RequireTrustedTypesFor, name: "require-trusted-types-for", status: Status::Standard, grammar: Grammar::SinkGroups, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::TrustedTypes, name: "trusted-types", status: Status::Standard, grammar: Grammar::PolicyNames, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::UpgradeInsecureRequests, name: "upgrade-insecure-requests", status: Status::Standard, grammar: Grammar::Empty, falls_back_to: &[], in_meta: true, in_report_only: false, instead: None },
    Row { directive: Directive::BlockAllMixedContent, name: "block-all-mixed-content", status: Status::Deprecated, grammar: Grammar::Empty, falls_back_to: &[], in_meta: true, in_report_only: true, instead: Some("upgrade-insecure-requests (mixed content autoupgrade)") },
    Row { directive: Directive::Webrtc, name: "webrtc", status: Status::Standard, grammar: Grammar::AllowOrBlock, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::ReportUri, name: "report-uri", status: Status::Deprecated, grammar: Grammar::UriReferences, falls_back_to: &[], in_meta: false, in_report_only: true, instead: Some("report-to") },
    Row { directive: Directive::ReportTo, name: "report-to", status: Status::Standard, grammar: Grammar::Token, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::PluginTypes, name: "plugin-types", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: Some("object-src 'none'") },
    Row { directive: Directive::Referrer, name: "referrer", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: Some("Referrer-Policy header") },
    Row { directive: Directive::ReflectedXss, name: "reflected-xss", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::RequireSriFor, name: "require-sri-for", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: Some("Integrity-Policy header") },
    Row { directive: Directive::DisownOpener, name: "disown-opener", status: Status::Removed, grammar: Grammar::Empty, falls_back_to: &[], in_meta: true, in_report_only: true, instead: Some("Cross-Origin-Opener-Policy") },
    Row { directive: Directive::InputProtection, name: "input-protection", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::InputProtectionClip, name: "input-protection-clip", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::InputProtectionSelectors, name: "input-protection-selectors", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::XhrSrc, name: "xhr-src", status: Status::Removed, grammar: Grammar::SourceList, falls_back_to: &[], in_meta: true, in_report_only: true, instead: Some("connect-src") },
    Row { directive: Directive::PolicyUri, name: "policy-uri", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: None },
    Row { directive: Directive::Allow, name: "allow", status: Status::Removed, grammar: Grammar::SourceList, falls_back_to: &[], in_meta: true, in_report_only: true, instead: Some("default-src") },
    Row { directive: Directive::Options, name: "options", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: Some("'unsafe-inline' / 'unsafe-eval'") },
    Row { directive: Directive::FrameOptions, name: "frame-options", status: Status::Removed, grammar: Grammar::Free, falls_back_to: &[], in_meta: true, in_report_only: true, instead: Some("frame-ancestors") },
];

/// What stands for a directive that the table lacks, which a test shows not to happen.
static NO_ROW: Row = Row {
    directive: Directive::DefaultSrc,
    name: "",
    status: Status::Removed,
    grammar: Grammar::Free,
    falls_back_to: &[],
    in_meta: false,
    in_report_only: false,
    instead: None,
};

impl Directive {
    fn row(self) -> &'static Row {
        TABLE.get(self as usize).unwrap_or(&NO_ROW)
    }

    /// Every directive, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.directive)
    }

    /// The directive of this name, whatever its case.
    ///
    /// ```
    /// use cspc_core::csp::Directive;
    /// assert_eq!(Directive::from_name("IMG-src"), Some(Directive::ImgSrc));
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name.eq_ignore_ascii_case(name)).map(|row| row.directive)
    }

    /// Its name, in lower case.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// Where it stands in its life.
    pub fn status(self) -> Status {
        self.row().status
    }

    /// What its value may be.
    pub fn grammar(self) -> Grammar {
        self.row().grammar
    }

    /// The directives that decide in its absence, the nearest first (CSP Level 3, section 6.8.3).
    pub fn falls_back_to(self) -> &'static [Self] {
        self.row().falls_back_to
    }

    /// Whether it counts in a `<meta>` (CSP Level 3, section 3.3).
    pub fn in_meta(self) -> bool {
        self.row().in_meta
    }

    /// Whether it counts in a policy that only reports.
    pub fn in_report_only(self) -> bool {
        self.row().in_report_only
    }

    /// What to use in place of one that is deprecated or removed.
    pub fn instead(self) -> Option<&'static str> {
        self.row().instead
    }

    /// Whether its value is a list of sources.
    pub fn takes_source_list(self) -> bool {
        matches!(self.grammar(), Grammar::SourceList | Grammar::AncestorSourceList)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_enumeration() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.directive as usize, index, "{}", row.name);
            assert_eq!(Directive::from_name(row.name), Some(row.directive));
        }
        assert_eq!(Directive::all().last().map(|last| last as usize + 1), Some(TABLE.len()));
    }

    #[test]
    fn chains_end_at_the_default() {
        for directive in Directive::all() {
            let chain = directive.falls_back_to();
            assert!(
                chain.is_empty() || chain.last() == Some(&Directive::DefaultSrc),
                "{directive:?}"
            );
        }
    }
}
