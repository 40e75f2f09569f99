//! What an asset asks of a policy.

use std::borrow::Cow;

use url::Url;

use crate::csp::{Directive, SourceExpression};
use crate::enforce::{parse_integrity, upgraded_scheme};
use crate::inventory::{Asset, Content, Kind};
use crate::plan::{NONCE_SOURCE, NonceText};
use crate::site::Strategy;

/// The directive that governs a kind of asset, if any does.
///
/// Scripts and styles go to `script-src` and `style-src`, which every browser knows, rather than to their `-elem` forms,
/// which Safari learnt late; attributes go to the `-attr` forms, so that what they need opens nothing else.
pub(super) const fn directive(kind: Kind) -> Option<Directive> {
    Some(match kind {
        Kind::Script
        | Kind::InlineScript
        | Kind::JavascriptUrl
        | Kind::ImportMap
        | Kind::SpeculationRules
        | Kind::Eval
        | Kind::Wasm => Directive::ScriptSrc,
        Kind::EventHandler => Directive::ScriptSrcAttr,
        Kind::Style | Kind::InlineStyle => Directive::StyleSrc,
        Kind::StyleAttribute => Directive::StyleSrcAttr,
        Kind::Image => Directive::ImgSrc,
        Kind::Font => Directive::FontSrc,
        Kind::Connect => Directive::ConnectSrc,
        Kind::Media => Directive::MediaSrc,
        Kind::Object => Directive::ObjectSrc,
        Kind::Frame => Directive::FrameSrc,
        Kind::Worker => Directive::WorkerSrc,
        Kind::Manifest => Directive::ManifestSrc,
        Kind::Prefetch => Directive::DefaultSrc,
        Kind::FormAction => Directive::FormAction,
        Kind::Base => Directive::BaseUri,
        Kind::TrustedTypesPolicy => Directive::TrustedTypes,
        Kind::Navigation | Kind::DataBlock | Kind::TrustedTypesSink | Kind::Feature => return None,
    })
}

/// The keyword that an asset needs beside its own expression.
///
/// Browsers match hashes of attributes and `javascript:` URLs only beside `'unsafe-hashes'` (CSP Level 3, section 6.7.3.3).
///
/// Code that compiles text is common in libraries and seldom run, and what allows it gives much away: that it stands
/// there is not enough. To compile WebAssembly gives little away.
pub(super) fn keyword(asset: &Asset) -> Option<&'static str> {
    let is_code = matches!(asset.content, Content::Code { .. });
    match asset.kind {
        Kind::Wasm => Some("'wasm-unsafe-eval'"),
        _ if is_code => None,
        Kind::EventHandler | Kind::StyleAttribute | Kind::JavascriptUrl => Some("'unsafe-hashes'"),
        Kind::Eval => Some("'unsafe-eval'"),
        _ => None,
    }
}

/// How the assets of a page are named.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Naming<'n> {
    pub(super) strategy: Strategy,
    /// What stands for the nonce in pages, where servers fill one in.
    pub(super) nonce: Option<&'n NonceText>,
    /// Whether scripts with integrity are named by it.
    pub(super) integrity: bool,
    /// Whether scripts that are allowed may load others.
    pub(super) dynamic: bool,
    /// Whether Trusted Types are required.
    pub(super) typed: bool,
    /// Whether requests are upgraded to HTTPS.
    pub(super) upgrades: bool,
}

impl Naming<'_> {
    /// Whether the asset's element has the nonce.
    pub(super) fn names_by_nonce(self, asset: &Asset) -> bool {
        self.nonce.is_some_and(|text| asset.nonce() == Some(text.as_str()))
    }
}

/// The integrity metadata of a script that is loaded.
pub(super) fn integrity(asset: &Asset) -> Option<&str> {
    let is_loaded = asset.kind == Kind::Script && asset.url().is_some();
    asset.script.as_ref().filter(|_| is_loaded)?.integrity.as_deref()
}

/// The hash-sources for a script with integrity. The file cannot be another one then, nor can any other file of its host run.
pub(super) fn integrity_hashes<'a>(
    asset: &'a Asset,
    naming: Naming<'_>,
) -> Option<impl Iterator<Item = String> + use<'a>> {
    let integrity = integrity(asset)?;
    (naming.integrity && !naming.names_by_nonce(asset)).then(|| hash_sources(integrity)).flatten()
}

/// The hash-sources for integrity metadata, all of which a policy has to have (CSP Level 3, section 6.7.2.4); `None` if
/// no policy can.
pub(super) fn hash_sources(integrity: &str) -> Option<impl Iterator<Item = String> + use<'_>> {
    let hashes = || {
        parse_integrity(integrity)
            .map(|(algorithm, value)| format!("'{}-{value}'", algorithm.as_str()))
    };
    let is_hash =
        |hash: String| matches!(SourceExpression::parse(&hash), SourceExpression::Hash(..));
    (hashes().next().is_some() && hashes().all(is_hash)).then(hashes)
}

/// The source expression that matches the asset itself.
pub(super) fn expression<'a>(asset: &'a Asset, naming: Naming<'_>) -> Option<Cow<'a, str>> {
    if naming.names_by_nonce(asset) {
        return Some(NONCE_SOURCE.into());
    }
    if naming.dynamic && asset.kind == Kind::Script {
        return None;
    }
    match &asset.content {
        Content::Inline { hash, .. } => Some(format!("'{hash}'").into()),
        Content::Relative { .. } => Some("'self'".into()),
        Content::Module { .. } | Content::Code { .. } | Content::Feature { .. } => None,
        Content::Policy { policy } => naming.typed.then(|| (&**policy).into()),
        Content::Url(url) if url.starts_with('/') => Some("'self'".into()),
        Content::Url(url) => {
            let with_path = names_code(asset.kind) && naming.strategy != Strategy::Allowlist;
            foreign(url, with_path, naming.upgrades && is_requested(asset.kind))
        }
    }
}

/// Whether the asset is code: it is allowed by its full URL, as any other file of that host might be code as well.
const fn names_code(kind: Kind) -> bool {
    matches!(kind, Kind::Script | Kind::Style | Kind::Object | Kind::Worker)
}

/// Whether it is a request that is checked, which is upgraded first; forms and bases are checked as they are written.
const fn is_requested(kind: Kind) -> bool {
    !matches!(kind, Kind::FormAction | Kind::Base)
}

/// The host-source or scheme-source for a URL of another origin (CSP Level 3, section 2.3.1).
fn foreign(url: &str, with_path: bool, upgraded: bool) -> Option<Cow<'static, str>> {
    let url = Url::parse(url).ok()?;
    if !url.has_host() || !matches!(url.scheme(), "http" | "https" | "ws" | "wss") {
        return Some(format!("{}:", url.scheme()).into());
    }
    let scheme = if upgraded { upgraded_scheme(&url) } else { url.scheme() };
    let mut source = format!("{scheme}://{}", url.host_str()?);
    if let Some(port) = url.port() {
        source.push_str(&format!(":{port}"));
    }
    if with_path && url.path() != "/" {
        // The two characters that end a source expression or its policy have to be escaped in a path.
        source.push_str(&url.path().replace(';', "%3B").replace(',', "%2C"));
    }
    Some(source.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expression_by(strategy: Strategy, kind: Kind, url: &str) -> String {
        let asset = Asset::at(kind, Content::Url(url.into()), crate::text::Position::default());
        expression(&asset, Naming { strategy, ..Naming::default() }).unwrap().into_owned()
    }

    fn expression_of(kind: Kind, url: &str) -> String {
        expression_by(Strategy::Hash, kind, url)
    }

    #[test]
    fn code_is_named_by_its_url_and_the_rest_by_its_origin() {
        assert_eq!(
            expression_of(Kind::Script, "https://cdn.example/a;b,c.js?x"),
            "https://cdn.example/a%3Bb%2Cc.js"
        );
        assert_eq!(
            expression_of(Kind::Image, "https://cdn.example:8443/a.png"),
            "https://cdn.example:8443"
        );
        assert_eq!(
            expression_by(Strategy::Allowlist, Kind::Script, "https://cdn.example/a.js"),
            "https://cdn.example"
        );
        assert_eq!(expression_of(Kind::Script, "https://cdn.example/"), "https://cdn.example");
        assert_eq!(expression_of(Kind::Image, "data:image/png;base64"), "data:");
        assert_eq!(expression_of(Kind::Image, "/a.png"), "'self'");
        assert_eq!(expression_of(Kind::FormAction, "mailto:a@b.example"), "mailto:");
    }
}
