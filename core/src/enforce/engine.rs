//! Where browsers part from the text of the specification, and from each other.

use crate::csp::{Directive, HashAlgorithm, HostSource, SourceExpression};

/// Whose behavior is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Engine {
    /// The text of Content Security Policy Level 3.
    #[default]
    Spec,
    /// Blink: Chrome, Edge, Opera.
    Chromium,
    /// Gecko.
    Firefox,
    /// Safari, and every browser on iOS.
    WebKit,
}

/// What `*` alone covers beside HTTP(S) and the page's own scheme (section 6.7.2.8, step 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Star {
    /// Nothing.
    HttpOnly,
    /// WebSockets.
    WebSockets,
    /// All but `blob:`, `data:` and `filesystem:`.
    NetworkSchemes,
}

/// Which directives a prefetch is held against (section 6.7.2.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hints {
    /// The union of the fetch directives, `default-src` not among them.
    Union,
    /// The union, with `default-src`. `'strict-dynamic'` allows all where it counts for workers, and keeps the URLs of
    /// `script-src` and `script-src-elem` from counting: seen in Chromium 156.
    UnionWithDefault,
    /// `default-src`.
    Default,
    /// `prefetch-src`, which falls back to `default-src`.
    PrefetchSrc,
}

/// How a worker's request is matched beside its URL, where the list is not `script-src`'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Workers {
    /// By nothing else (webappsec-csp#609).
    Url,
    /// `'strict-dynamic'` in whatever list allows every worker; nonces and integrity count in none.
    StrictDynamic,
    /// `'strict-dynamic'` and nonces in whatever list.
    StrictDynamicOrNonce,
}

/// One engine's answers to what the text and the engines answer differently.
#[derive(Debug)]
struct Row {
    star: Star,
    /// Port 80 covers an upgrade to 443 (webappsec-csp#439).
    port_80_upgrades: bool,
    /// A scheme is only upgraded if the port is, or is none or `*`.
    upgrades_together: bool,
    /// An expression without a port means the default port of its own scheme, whatever the URL's is, and port 80 covers
    /// 443 whatever the scheme: `nsCSPHostSrc::permits`, seen in Firefox 153.
    default_port_of_source: bool,
    /// Navigations of frames are matched by other code than the rest, seen in Chromium 156. For the rest a port of
    /// `'self'` is a number, whatever scheme it is the default of, and `http:` upgrades to `https:` on a port 443 that
    /// is written out.
    two_matchers: bool,
    /// A host is a string to compare, be it an address or opaque (section 6.7.2.10, step 1).
    hosts_are_strings: bool,
    /// `ws:` covers `http:` and `https:`, `wss:` covers `https:` (section 6.7.2.9).
    ws_covers_http: bool,
    /// Paths are percent-decoded before they are split (section 6.7.2.12), so that `%2F` separates.
    decodes_whole_path: bool,
    /// A query or fragment in a source expression is dropped, instead of making it invalid.
    drops_query: bool,
    /// A host that is `*` alone may have a port, and no path: `nsCSPParser::host`, seen in Firefox 153.
    no_path_for_any_host: bool,
    /// `'strict-dynamic'` in `default-src` takes the force of `'unsafe-inline'` for styles too: seen in Chromium 156,
    /// where `default-src` counts as a directive of scripts.
    dynamic_default_governs_styles: bool,
    /// Hashes are compared as bytes: padding and alphabet do not matter, and `sha-256` is a spelling.
    lenient_hashes: bool,
    hints: Hints,
    workers: Workers,
    /// The targets of redirects are held against `form-action`.
    form_action_on_redirect: bool,
    /// Not even `*` allows a Trusted Types policy whose name the grammar cannot spell: seen in Chromium 156.
    policy_names_spelled: bool,
    /// A path in `frame-ancestors` is ignored, where by the text it never matches.
    ancestor_paths_ignored: bool,
    /// What is asked of frames, `<object>`, `<embed>` and shared workers is asked in another process, which gets policies as text whose
    /// paths are decoded already, and reads them anew: `nsCSPHostSrc::toString`, seen in Firefox 153.
    other_process_reads_decoded: bool,
    /// Paths count after the redirects of a request that outlives its page, and what is blocked by one is not reported: seen
    /// in Chromium 156, which follows those redirects in the browser's process.
    keepalive_keeps_paths: bool,
}

/// THE table of divergences, one row an engine, in the order of the enumeration.
static TABLE: [Row; 4] = [
    // The specification.
    Row {
        star: Star::HttpOnly,
        port_80_upgrades: false,
        upgrades_together: false,
        default_port_of_source: false,
        two_matchers: false,
        hosts_are_strings: false,
        ws_covers_http: true,
        decodes_whole_path: false,
        drops_query: false,
        no_path_for_any_host: false,
        dynamic_default_governs_styles: false,
        lenient_hashes: false,
        hints: Hints::Union,
        workers: Workers::Url,
        form_action_on_redirect: true,
        policy_names_spelled: false,
        ancestor_paths_ignored: false,
        other_process_reads_decoded: false,
        keepalive_keeps_paths: false,
    },
    // Chromium.
    Row {
        star: Star::WebSockets,
        port_80_upgrades: true,
        upgrades_together: true,
        default_port_of_source: false,
        two_matchers: true,
        hosts_are_strings: true,
        ws_covers_http: false,
        decodes_whole_path: true,
        drops_query: true,
        no_path_for_any_host: false,
        dynamic_default_governs_styles: true,
        lenient_hashes: true,
        hints: Hints::UnionWithDefault,
        workers: Workers::StrictDynamic,
        form_action_on_redirect: true,
        policy_names_spelled: true,
        ancestor_paths_ignored: false,
        other_process_reads_decoded: false,
        keepalive_keeps_paths: true,
    },
    // Firefox.
    Row {
        star: Star::NetworkSchemes,
        port_80_upgrades: true,
        upgrades_together: false,
        default_port_of_source: true,
        two_matchers: false,
        hosts_are_strings: true,
        ws_covers_http: false,
        decodes_whole_path: true,
        drops_query: true,
        no_path_for_any_host: true,
        dynamic_default_governs_styles: false,
        lenient_hashes: false,
        hints: Hints::Default,
        workers: Workers::StrictDynamicOrNonce,
        form_action_on_redirect: false,
        policy_names_spelled: false,
        ancestor_paths_ignored: true,
        other_process_reads_decoded: true,
        keepalive_keeps_paths: false,
    },
    // WebKit.
    Row {
        star: Star::WebSockets,
        port_80_upgrades: true,
        upgrades_together: false,
        default_port_of_source: false,
        two_matchers: false,
        hosts_are_strings: true,
        ws_covers_http: true,
        // Since WebKit's pull request 65323 (2026-05).
        decodes_whole_path: false,
        drops_query: true,
        no_path_for_any_host: false,
        dynamic_default_governs_styles: false,
        lenient_hashes: false,
        hints: Hints::PrefetchSrc,
        workers: Workers::Url,
        form_action_on_redirect: true,
        policy_names_spelled: false,
        ancestor_paths_ignored: false,
        other_process_reads_decoded: false,
        keepalive_keeps_paths: false,
    },
];

impl Engine {
    /// Every engine, the specification first.
    ///
    /// ```
    /// use cspc_core::enforce::Engine;
    /// assert_eq!(Engine::ALL.map(Engine::as_str), ["spec", "chromium", "firefox", "webkit"]);
    /// ```
    pub const ALL: [Self; 4] = [Self::Spec, Self::Chromium, Self::Firefox, Self::WebKit];

    /// Its name on the command line and in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Spec => "spec",
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::WebKit => "webkit",
        }
    }

    /// The engine of this name.
    ///
    /// ```
    /// use cspc_core::enforce::Engine;
    /// assert_eq!(Engine::from_name("webkit"), Some(Engine::WebKit));
    /// assert_eq!(Engine::from_name("presto"), None);
    /// ```
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.as_str() == name)
    }

    fn row(self) -> &'static Row {
        let [spec, chromium, firefox, webkit] = &TABLE;
        match self {
            Self::Spec => spec,
            Self::Chromium => chromium,
            Self::Firefox => firefox,
            Self::WebKit => webkit,
        }
    }

    /// Reads a value of a source list as this engine does.
    ///
    /// ```
    /// use cspc_core::csp::SourceExpression;
    /// use cspc_core::enforce::Engine;
    /// assert!(matches!(Engine::Spec.source_expression("a.example/x?y"), SourceExpression::Invalid(_)));
    /// assert!(matches!(Engine::Firefox.source_expression("a.example/x?y"), SourceExpression::Host(_)));
    /// ```
    pub fn source_expression(self, text: &str) -> SourceExpression<'_> {
        let row = self.row();
        match SourceExpression::parse(text) {
            SourceExpression::Host(HostSource { host: "*", port: None, path: Some(_), .. })
                if row.no_path_for_any_host =>
            {
                SourceExpression::Invalid(text)
            }
            SourceExpression::Invalid(_) if row.drops_query && text.contains(['?', '#']) => {
                self.source_expression(text.split(['?', '#']).next().unwrap_or_default())
            }
            SourceExpression::Invalid(_) if row.lenient_hashes => {
                dashed_hash(text).unwrap_or(SourceExpression::Invalid(text))
            }
            expression => expression,
        }
    }

    /// Whether `*` alone covers a URL's scheme (section 6.7.2.8, step 1).
    pub(super) fn star_covers(self, scheme: &str, own_scheme: Option<&str>) -> bool {
        let more = match self.row().star {
            Star::HttpOnly => false,
            Star::WebSockets => matches!(scheme, "ws" | "wss"),
            Star::NetworkSchemes => !matches!(scheme, "blob" | "data" | "filesystem"),
        };
        matches!(scheme, "http" | "https") || more || own_scheme == Some(scheme)
    }

    /// Whether `*` in this very directive covers the scheme too: WebKit's allowance for old pages.
    pub(super) fn star_in_directive_covers(self, directive: Directive, scheme: &str) -> bool {
        self == Self::WebKit
            && match directive {
                Directive::ImgSrc => scheme == "data",
                Directive::MediaSrc => matches!(scheme, "data" | "blob"),
                _ => false,
            }
    }

    pub(super) fn port_80_upgrades(self) -> bool {
        self.row().port_80_upgrades
    }

    pub(super) fn upgrades_together(self) -> bool {
        self.row().upgrades_together
    }

    pub(super) fn default_port_of_source(self) -> bool {
        self.row().default_port_of_source
    }

    pub(super) fn two_matchers(self) -> bool {
        self.row().two_matchers
    }

    pub(super) fn policy_names_spelled(self) -> bool {
        self.row().policy_names_spelled
    }

    pub(super) fn hosts_are_strings(self) -> bool {
        self.row().hosts_are_strings
    }

    pub(super) fn ws_covers_http(self) -> bool {
        self.row().ws_covers_http
    }

    pub(super) fn decodes_whole_path(self) -> bool {
        self.row().decodes_whole_path
    }

    pub(super) fn dynamic_default_governs_styles(self) -> bool {
        self.row().dynamic_default_governs_styles
    }

    pub(super) fn lenient_hashes(self) -> bool {
        self.row().lenient_hashes
    }

    pub(super) fn hints(self) -> Hints {
        self.row().hints
    }

    pub(super) fn workers(self) -> Workers {
        self.row().workers
    }

    pub(super) fn form_action_on_redirect(self) -> bool {
        self.row().form_action_on_redirect
    }

    pub(super) fn ancestor_paths_ignored(self) -> bool {
        self.row().ancestor_paths_ignored
    }

    pub(super) fn other_process_reads_decoded(self) -> bool {
        self.row().other_process_reads_decoded
    }

    pub(super) fn keepalive_keeps_paths(self) -> bool {
        self.row().keepalive_keeps_paths
    }
}

/// `'sha-256-…'` and its like, the old spelling.
fn dashed_hash(text: &str) -> Option<SourceExpression<'_>> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    let (sha, rest) = inner.split_at_checked(4)?;
    let (bits, value) = rest.split_once('-')?;
    let algorithm = match bits {
        "256" => HashAlgorithm::Sha256,
        "384" => HashAlgorithm::Sha384,
        "512" => HashAlgorithm::Sha512,
        _ => return None,
    };
    let digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_=".contains(&byte);
    let is_hash = sha.eq_ignore_ascii_case("sha-") && !value.is_empty() && value.bytes().all(digit);
    is_hash.then_some(SourceExpression::Hash(algorithm, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_spelling_of_hashes_is_chromiums() {
        let text = "'SHA-256-abc='";
        let hash = SourceExpression::Hash(HashAlgorithm::Sha256, "abc=");
        assert_eq!(Engine::Chromium.source_expression(text), hash);
        assert_eq!(Engine::WebKit.source_expression(text), SourceExpression::Invalid(text));
        assert_eq!(dashed_hash("'sha-256-'"), None);
        assert_eq!(dashed_hash("'é-256-abc'"), None);
    }
}
