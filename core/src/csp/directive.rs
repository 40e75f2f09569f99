//! The table of directives: every one ever defined.
//!
//! What it says of browsers is from @mdn/browser-compat-data 8.1.9 (12 November 2026).

use std::sync::LazyLock;

use super::support::Support;

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
    /// Proposed or tried, and shipped by no browser.
    Unshipped,
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
    governs: &'static str,
    instead: &'static str,
    specification: &'static str,
    since: Support,
}

/// The enumeration and its table, from one row a directive. `since` names the first versions of Chrome, Edge, Firefox and
/// Safari, `-` for none.
macro_rules! directives {
    ($($variant:ident = $name:literal {
        status: $status:ident, grammar: $grammar:ident, falls_back_to: [$($next:ident),*], in_meta: $meta:literal,
        in_report_only: $report:literal, governs: $governs:literal, instead: $instead:literal,
        specification: $specification:literal, since: [$chrome:literal, $edge:literal, $firefox:literal, $safari:literal],
    })+) => {
        /// A directive of Content-Security-Policy, in the order in which cspc writes them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Directive {
            $(#[doc = concat!("`", $name, "`: ", $governs, ".")] $variant,)+
        }

        static TABLE: &[Row] = &[$(Row {
            directive: Directive::$variant,
            name: $name,
            status: Status::$status,
            grammar: Grammar::$grammar,
            falls_back_to: &[$(Directive::$next),*],
            in_meta: $meta,
            in_report_only: $report,
            governs: $governs,
            instead: $instead,
            specification: $specification,
            since: Support { chrome: $chrome, edge: $edge, firefox: $firefox, safari: $safari },
        }),+];

        impl Directive {
            /// Its name, in lower case.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

#[rustfmt::skip]
directives! {
    DefaultSrc = "default-src" {
        status: Standard, grammar: SourceList, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "every load that no more specific directive decides about, and prefetches", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-default-src", since: ["25", "14", "23", "7"],
    }
    ScriptSrc = "script-src" {
        status: Standard, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "`eval` and WebAssembly; scripts, event handlers and workers where no more specific directive does", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-script-src", since: ["25", "14", "23", "7"],
    }
    ScriptSrcElem = "script-src-elem" {
        status: Standard, grammar: SourceList, falls_back_to: [ScriptSrc, DefaultSrc], in_meta: true, in_report_only: true,
        governs: "scripts in elements, inline or loaded, `javascript:` URLs, worklets and XSLT", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-script-src-elem", since: ["75", "79", "108", "15.4"],
    }
    ScriptSrcAttr = "script-src-attr" {
        status: Standard, grammar: SourceList, falls_back_to: [ScriptSrc, DefaultSrc], in_meta: true, in_report_only: true,
        governs: "event-handler attributes", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-script-src-attr", since: ["75", "79", "108", "15.4"],
    }
    StyleSrc = "style-src" {
        status: Standard, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "style sheets and style attributes where no more specific directive does", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-style-src", since: ["25", "14", "23", "7"],
    }
    StyleSrcElem = "style-src-elem" {
        status: Standard, grammar: SourceList, falls_back_to: [StyleSrc, DefaultSrc], in_meta: true, in_report_only: true,
        governs: "style sheets, inline or loaded", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-style-src-elem", since: ["75", "79", "108", "26.2"],
    }
    StyleSrcAttr = "style-src-attr" {
        status: Standard, grammar: SourceList, falls_back_to: [StyleSrc, DefaultSrc], in_meta: true, in_report_only: true,
        governs: "style attributes", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-style-src-attr", since: ["75", "79", "108", "15.4"],
    }
    ImgSrc = "img-src" {
        status: Standard, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "images", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-img-src", since: ["25", "14", "23", "7"],
    }
    FontSrc = "font-src" {
        status: Standard, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "fonts", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-font-src", since: ["25", "14", "23", "7"],
    }
    ConnectSrc = "connect-src" {
        status: Standard, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "fetch, XMLHttpRequest, WebSocket, EventSource, WebTransport, beacons and pings", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-connect-src", since: ["25", "14", "50", "7"],
    }
    MediaSrc = "media-src" {
        status: Standard, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "audio, video and text tracks", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-media-src", since: ["25", "14", "23", "7"],
    }
    ObjectSrc = "object-src" {
        status: Standard, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "`<object>` and `<embed>`", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-object-src", since: ["25", "14", "23", "7"],
    }
    FrameSrc = "frame-src" {
        status: Standard, grammar: SourceList, falls_back_to: [ChildSrc, DefaultSrc], in_meta: true, in_report_only: true,
        governs: "`<iframe>` and `<frame>`", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-frame-src", since: ["25", "14", "23", "7"],
    }
    FencedFrameSrc = "fenced-frame-src" {
        status: Experimental, grammar: SourceList, falls_back_to: [FrameSrc, ChildSrc, DefaultSrc], in_meta: true, in_report_only: true,
        governs: "`<fencedframe>`", instead: "",
        specification: "https://wicg.github.io/fenced-frame/", since: ["126", "126", "-", "-"],
    }
    ChildSrc = "child-src" {
        status: Standard, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "frames and workers where no more specific directive does", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-child-src", since: ["40", "15", "45", "10"],
    }
    WorkerSrc = "worker-src" {
        status: Standard, grammar: SourceList, falls_back_to: [ChildSrc, ScriptSrc, DefaultSrc], in_meta: true, in_report_only: true,
        governs: "workers, shared workers and service workers", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-worker-src", since: ["59", "79", "58", "15.5"],
    }
    ManifestSrc = "manifest-src" {
        status: Standard, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "web app manifests", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-manifest-src", since: ["40", "79", "41", "11"],
    }
    PrefetchSrc = "prefetch-src" {
        status: Removed, grammar: SourceList, falls_back_to: [DefaultSrc], in_meta: true, in_report_only: true,
        governs: "prefetches", instead: "`default-src`",
        specification: "https://www.w3.org/TR/2018/WD-CSP3-20181015/#directive-prefetch-src", since: ["-", "-", "-", "16.3"],
    }
    BaseUri = "base-uri" {
        status: Standard, grammar: SourceList, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "the address in `<base>`", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-base-uri", since: ["40", "79", "35", "10"],
    }
    FormAction = "form-action" {
        status: Standard, grammar: SourceList, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "where forms are sent", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-form-action", since: ["40", "15", "36", "10"],
    }
    FrameAncestors = "frame-ancestors" {
        status: Standard, grammar: AncestorSourceList, falls_back_to: [], in_meta: false, in_report_only: true,
        governs: "who may frame the page; it takes the place of X-Frame-Options", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-frame-ancestors", since: ["40", "15", "58", "10"],
    }
    NavigateTo = "navigate-to" {
        status: Removed, grammar: SourceList, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "where the page may navigate", instead: "",
        specification: "https://www.w3.org/TR/2018/WD-CSP3-20181015/#directive-navigate-to", since: ["-", "-", "-", "-"],
    }
    Sandbox = "sandbox" {
        status: Standard, grammar: SandboxTokens, falls_back_to: [], in_meta: false, in_report_only: false,
        governs: "what the page may do, as the attribute of `<iframe>` does", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-sandbox", since: ["25", "14", "50", "7"],
    }
    RequireTrustedTypesFor = "require-trusted-types-for" {
        status: Standard, grammar: SinkGroups, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "the sinks that turn strings into markup or code", instead: "",
        specification: "https://www.w3.org/TR/trusted-types/#require-trusted-types-for-csp-directive", since: ["83", "83", "148", "26"],
    }
    TrustedTypes = "trusted-types" {
        status: Standard, grammar: PolicyNames, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "which Trusted Types policies may be made", instead: "",
        specification: "https://www.w3.org/TR/trusted-types/#trusted-types-csp-directive", since: ["83", "83", "148", "26"],
    }
    UpgradeInsecureRequests = "upgrade-insecure-requests" {
        status: Standard, grammar: Empty, falls_back_to: [], in_meta: true, in_report_only: false,
        governs: "`http:` URLs of the page, which become `https:`", instead: "",
        specification: "https://www.w3.org/TR/upgrade-insecure-requests/#delivery", since: ["43", "17", "42", "10.1"],
    }
    BlockAllMixedContent = "block-all-mixed-content" {
        status: Deprecated, grammar: Empty, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "`http:` loads of a page over HTTPS", instead: "`upgrade-insecure-requests`",
        specification: "https://www.w3.org/TR/2016/CR-mixed-content-20160802/#strict-opt-in", since: ["44", "79", "48", "10"],
    }
    Webrtc = "webrtc" {
        status: Standard, grammar: AllowOrBlock, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "connections by WebRTC", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-webrtc", since: ["-", "-", "-", "-"],
    }
    ReportUri = "report-uri" {
        status: Deprecated, grammar: UriReferences, falls_back_to: [], in_meta: false, in_report_only: true,
        governs: "where violations are reported", instead: "`report-to`",
        specification: "https://www.w3.org/TR/CSP3/#directive-report-uri", since: ["25", "14", "23", "7"],
    }
    ReportTo = "report-to" {
        status: Standard, grammar: Token, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "the endpoint that violations are reported to", instead: "",
        specification: "https://www.w3.org/TR/CSP3/#directive-report-to", since: ["70", "79", "149", "16.4"],
    }
    PluginTypes = "plugin-types" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "which plugins may run", instead: "`object-src 'none'`",
        specification: "https://www.w3.org/TR/CSP2/#directive-plugin-types", since: ["-", "-", "-", "-"],
    }
    Referrer = "referrer" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "the Referer header", instead: "the header Referrer-Policy",
        specification: "https://www.w3.org/TR/2014/WD-CSP11-20140211/#referrer", since: ["-", "-", "-", "-"],
    }
    ReflectedXss = "reflected-xss" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "the filters that browsers once had", instead: "",
        specification: "https://www.w3.org/TR/2014/WD-CSP11-20140211/#reflected-xss", since: ["-", "-", "-", "-"],
    }
    RequireSriFor = "require-sri-for" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "loads without integrity", instead: "the header Integrity-Policy",
        specification: "https://w3c.github.io/webappsec-subresource-integrity/", since: ["-", "-", "-", "-"],
    }
    DisownOpener = "disown-opener" {
        status: Removed, grammar: Empty, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "the page's opener", instead: "the header Cross-Origin-Opener-Policy",
        specification: "https://www.w3.org/TR/2016/WD-CSP3-20160901/#directive-disown-opener", since: ["-", "-", "-", "-"],
    }
    InputProtection = "input-protection" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "clickjacking heuristics", instead: "",
        specification: "https://www.w3.org/TR/UISecurity/", since: ["-", "-", "-", "-"],
    }
    InputProtectionClip = "input-protection-clip" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "clickjacking heuristics", instead: "",
        specification: "https://www.w3.org/TR/UISecurity/", since: ["-", "-", "-", "-"],
    }
    InputProtectionSelectors = "input-protection-selectors" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "clickjacking heuristics", instead: "",
        specification: "https://www.w3.org/TR/UISecurity/", since: ["-", "-", "-", "-"],
    }
    XhrSrc = "xhr-src" {
        status: Removed, grammar: SourceList, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "XMLHttpRequest", instead: "`connect-src`",
        specification: "https://wiki.mozilla.org/Security/CSP/Specification", since: ["-", "-", "-", "-"],
    }
    PolicyUri = "policy-uri" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "where the policy itself is", instead: "",
        specification: "https://wiki.mozilla.org/Security/CSP/Specification", since: ["-", "-", "-", "-"],
    }
    Allow = "allow" {
        status: Removed, grammar: SourceList, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "every load", instead: "`default-src`",
        specification: "https://wiki.mozilla.org/Security/CSP/Specification", since: ["-", "-", "-", "-"],
    }
    Options = "options" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "inline scripts and eval", instead: "`'unsafe-inline'` or `'unsafe-eval'`",
        specification: "https://wiki.mozilla.org/Security/CSP/Specification", since: ["-", "-", "-", "-"],
    }
    FrameOptions = "frame-options" {
        status: Removed, grammar: Free, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "who may frame the page", instead: "`frame-ancestors`",
        specification: "https://www.w3.org/TR/UISecurity/", since: ["-", "-", "-", "-"],
    }
    ScriptSrcV2 = "script-src-v2" {
        status: Unshipped, grammar: SourceList, falls_back_to: [], in_meta: true, in_report_only: true,
        governs: "scripts, by hashes of their URLs", instead: "",
        specification: "https://chromestatus.com/feature/5150725028478976", since: ["-", "-", "-", "-"],
    }
    TreatAsPublicAddress = "treat-as-public-address" {
        status: Unshipped, grammar: Empty, falls_back_to: [], in_meta: false, in_report_only: false,
        governs: "requests to private networks", instead: "",
        specification: "https://wicg.github.io/private-network-access/", since: ["-", "-", "-", "-"],
    }
}

/// The directives by the length and the first letter of their names, which tell most of them apart.
static BY_SHAPE: LazyLock<Vec<DirectiveSet>> = LazyLock::new(|| {
    let longest = TABLE.iter().map(|row| row.name.len()).max().unwrap_or_default();
    let mut sets = vec![DirectiveSet::default(); (longest + 1) * LETTERS];
    for row in TABLE {
        sets.get_mut(shape(row.name)).map(|set| set.insert(row.directive));
    }
    sets
});

/// As many values as the lower bits of a letter have, which are the same in upper and lower case.
const LETTERS: usize = 32;

fn shape(name: &str) -> usize {
    name.len() * LETTERS + usize::from(name.bytes().next().unwrap_or_default()) % LETTERS
}

/// Whether the text is the name, whatever its case; most are written as they are here.
pub(super) fn is_spelling(text: &str, name: &str) -> bool {
    text == name || text.eq_ignore_ascii_case(name)
}

impl Directive {
    fn row(self) -> Option<&'static Row> {
        TABLE.get(self as usize)
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
        let near = BY_SHAPE.get(shape(name))?;
        near.iter().find(|directive| is_spelling(name, directive.as_str()))
    }

    /// Where it stands in its life.
    pub fn status(self) -> Status {
        self.row().map_or(Status::Removed, |row| row.status)
    }

    /// What its value may be.
    pub fn grammar(self) -> Grammar {
        self.row().map_or(Grammar::Free, |row| row.grammar)
    }

    /// The directives that decide in its absence, the nearest first (CSP Level 3, section 6.8.3).
    pub fn falls_back_to(self) -> &'static [Self] {
        self.row().map_or(&[], |row| row.falls_back_to)
    }

    /// "Get fetch directive fallback list" (CSP Level 3, section 6.8.3): itself, and those that decide in its absence.
    ///
    /// ```
    /// use cspc_core::csp::Directive::{DefaultSrc, ScriptSrc, ScriptSrcElem};
    /// assert!(ScriptSrcElem.fallback_list().eq([ScriptSrcElem, ScriptSrc, DefaultSrc]));
    /// ```
    pub fn fallback_list(self) -> impl Iterator<Item = Self> {
        std::iter::once(self).chain(self.falls_back_to().iter().copied())
    }

    /// Whether it counts in a `<meta>` (CSP Level 3, section 3.3).
    pub fn in_meta(self) -> bool {
        self.row().is_some_and(|row| row.in_meta)
    }

    /// Whether it counts in a policy that only reports.
    pub fn in_report_only(self) -> bool {
        self.row().is_some_and(|row| row.in_report_only)
    }

    /// What it decides about, in a few words of Markdown.
    pub fn governs(self) -> &'static str {
        self.row().map_or("", |row| row.governs)
    }

    /// What to use in place of one that is deprecated or removed, in a few words of Markdown.
    pub fn instead(self) -> Option<&'static str> {
        self.row().map(|row| row.instead).filter(|instead| !instead.is_empty())
    }

    /// The address of what specifies it.
    pub fn specification(self) -> &'static str {
        self.row().map_or("", |row| row.specification)
    }

    /// The first versions of browsers that know it.
    pub fn since(self) -> Support {
        self.row().map_or(Support::NONE, |row| row.since)
    }

    /// Whether its value is a list of sources.
    pub fn takes_source_list(self) -> bool {
        matches!(self.grammar(), Grammar::SourceList | Grammar::AncestorSourceList)
    }
}

/// A set of directives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DirectiveSet(u64);

impl DirectiveSet {
    /// The set of these.
    pub const fn of(directives: &[Directive]) -> Self {
        let mut bits = 0;
        let mut rest = directives;
        while let [first, more @ ..] = rest {
            bits |= 1 << *first as u64;
            rest = more;
        }
        Self(bits)
    }

    /// Adds one, and says whether it is new.
    pub const fn insert(&mut self, directive: Directive) -> bool {
        let before = self.0;
        self.0 |= 1 << directive as u64;
        before != self.0
    }

    /// Whether the directive is among them.
    pub const fn contains(self, directive: Directive) -> bool {
        self.0 >> directive as u64 & 1 == 1
    }

    /// Those that are in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are in one of them.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in the other one.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether one is in both.
    pub const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Its members, in order.
    pub fn iter(self) -> impl Iterator<Item = Directive> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let row = TABLE.get(rest.trailing_zeros() as usize)?;
            rest &= rest - 1;
            Some(row.directive)
        })
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
        assert!(TABLE.len() <= 64, "a set of directives is 64 bits");
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

    #[test]
    fn a_set_holds_what_was_put_in() {
        let mut set = DirectiveSet::of(&[Directive::ImgSrc]);
        assert!(!set.insert(Directive::ImgSrc) && set.insert(Directive::TreatAsPublicAddress));
        let members: Vec<Directive> = set.iter().collect();
        assert_eq!(members, [Directive::ImgSrc, Directive::TreatAsPublicAddress]);
    }
}
