//! Questions that may tell two sets of policies apart.
//!
//! What a source list answers to a URL depends on the URL's scheme, host, port and path. A URL whose host and path stand
//! nowhere in the policies, and that an expression just so allows, is the hardest for the other side to allow as well: if
//! anything that the expression allows is blocked there, such a URL is.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::common::common;
use super::fresh::Fresh;
use super::pattern::{Pattern, expand};
use crate::csp::{
    Directive, HashAlgorithm, Keyword, ParsedDirective, SANDBOX_TOKENS, SourceExpression,
};
use crate::enforce::{
    Destination, Disposition, EnforcedPolicy, Inline, InlineKind, Question, Request, SelfOrigin,
};

/// What is fetched: the directive that governs it, its destination, and how such files are called.
static FETCHES: [(Directive, Destination, &str); 11] = [
    (Directive::ScriptSrcElem, Destination::Script, "js"),
    (Directive::StyleSrcElem, Destination::Style, "css"),
    (Directive::ImgSrc, Destination::Image, "png"),
    (Directive::FontSrc, Destination::Font, "woff2"),
    (Directive::ConnectSrc, Destination::Empty, "json"),
    (Directive::MediaSrc, Destination::Video, "mp4"),
    (Directive::ObjectSrc, Destination::Object, "pdf"),
    (Directive::FrameSrc, Destination::Iframe, "html"),
    (Directive::FencedFrameSrc, Destination::FencedFrame, "html"),
    (Directive::WorkerSrc, Destination::Worker, "js"),
    (Directive::ManifestSrc, Destination::Manifest, "json"),
];

/// Inline items: the directive that governs them, their kind, and content without and with a word of choice.
static INLINE: [(Directive, InlineKind, [&str; 2]); 5] = [
    (Directive::ScriptSrcElem, InlineKind::Script, ["", "()"]),
    (Directive::ScriptSrcAttr, InlineKind::EventHandler, ["", "()"]),
    (Directive::ScriptSrcElem, InlineKind::JavascriptUrl, ["javascript:", "()"]),
    (Directive::StyleSrcElem, InlineKind::Style, ["", "{}"]),
    (Directive::StyleSrcAttr, InlineKind::StyleAttribute, ["--", ":0"]),
];

/// Where nothing in the policies is likely to point.
static SCHEMES: [&str; 5] = ["data", "blob", "filesystem", "ftp", "mediastream"];

/// How many of each are combined, where a request may please several policies by several of its parts.
const COMBINED: usize = 16;

/// Two sets of policies, and words that stand in neither.
pub(super) struct Questions<'a> {
    sides: [&'a [EnforcedPolicy<'a>]; 2],
    origin: &'a SelfOrigin,
    fresh: Fresh,
}

impl<'a> Questions<'a> {
    pub(super) fn new(sides: [&'a [EnforcedPolicy<'a>]; 2], origin: &'a SelfOrigin) -> Self {
        Self { sides, origin, fresh: Fresh::new(sides) }
    }

    /// All of them, the simplest of a kind first.
    pub(super) fn all(&self) -> impl Iterator<Item = Question> {
        let fetches = FETCHES.iter().flat_map(|(governing, destination, extension)| {
            self.requests(*governing, *destination, extension)
        });
        let inline = INLINE
            .iter()
            .flat_map(|(governing, kind, around)| self.inline(*governing, *kind, *around));
        let plain = [
            Question::Eval(String::new()),
            Question::Wasm,
            Question::Webrtc,
            Question::TrustedTypesSink,
        ];
        // What matters most comes first, as one flag stands for all where nothing governs.
        let flags = ["allow-scripts"].iter().chain(&SANDBOX_TOKENS);
        let flags = flags.map(|flag| Question::Sandbox((*flag).to_owned()));
        let policy_names = self.policy_names().into_iter().flat_map(|name| {
            [false, true].map(|exists| Question::TrustedTypesPolicy { name: name.clone(), exists })
        });
        inline.chain(fetches).chain(plain).chain(self.documents()).chain(flags).chain(policy_names)
    }

    /// Requests that a fetch directive governs.
    fn requests(
        &self,
        governing: Directive,
        destination: Destination,
        extension: &str,
    ) -> impl Iterator<Item = Question> {
        let lists = self.lists(governing);
        let mut urls = self.urls(governing, &lists, &self.fresh.file(extension));
        urls.retain(|(url, _)| is_asked(url, destination));
        let is_dynamic = lists.iter().flatten().any(|list| has(list, Keyword::StrictDynamic));
        let inserted: &[bool] = if is_dynamic { &[false, true] } else { &[false] };
        let plain: Vec<Request> = urls
            .iter()
            .flat_map(|(url, redirect_count)| {
                inserted.iter().map(move |parser_inserted| Request {
                    parser_inserted: *parser_inserted,
                    redirect_count: *redirect_count,
                    ..Request::new(url.clone(), destination)
                })
            })
            .collect();
        let trusted = self.trusted(&lists, governing, destination, &self.fresh.file(extension));
        plain.into_iter().chain(trusted).map(Question::Request)
    }

    /// Inline items, with and without a nonce.
    fn inline(
        &self,
        governing: Directive,
        kind: InlineKind,
        [before, after]: [&'static str; 2],
    ) -> impl Iterator<Item = Question> {
        let lists = self.lists(governing);
        let nonces = nonces(&lists).into_iter();
        let fresh = format!("{before}{}{after}", self.fresh.word);
        let content = move |nonce: &str, parser_inserted| Inline {
            nonce: nonce.to_owned(),
            parser_inserted,
            ..Inline::new(kind, fresh.as_str())
        };
        let mut items = vec![content("", true), content("", false), Inline::new(kind, before)];
        items.extend(nonces.map(|nonce| content(nonce, true)));
        items.extend(hash_sources(&lists).map(|(algorithm, value)| Inline {
            hash: Some((algorithm, value.to_owned())),
            ..Inline::new(kind, "")
        }));
        items.into_iter().map(Question::Inline)
    }

    /// The base, forms and ancestors of documents.
    fn documents(&self) -> impl Iterator<Item = Question> {
        let urls =
            |directive, file: &str| self.urls(directive, &self.lists(directive), file).into_iter();
        let bases = urls(Directive::BaseUri, "")
            .filter(|(_, redirect_count)| *redirect_count == 0)
            .map(|(url, _)| Question::Base(url));
        let actions = urls(Directive::FormAction, &self.fresh.word)
            .map(|(url, redirect_count)| Question::FormAction { url, redirect_count });
        let ancestors = urls(Directive::FrameAncestors, "")
            .filter(|(url, _)| url.origin().is_tuple())
            .map(|(mut url, _)| {
                url.set_path("/");
                Question::Ancestors(vec![Some(url)])
            });
        bases.chain(actions).chain(ancestors).chain([Question::Ancestors(vec![None])])
    }

    fn policies(&self) -> impl Iterator<Item = EnforcedPolicy<'a>> {
        let policies = self.sides.into_iter().flatten().copied();
        policies.filter(|policy| policy.disposition() == Disposition::Enforce)
    }

    /// A name of a Trusted Types policy that is not mentioned, and those that are.
    fn policy_names(&self) -> Vec<String> {
        let lists = self.policies().filter_map(|policy| policy.get(Directive::TrustedTypes));
        let names = lists.flat_map(|list| list.values()).map(|value| value.text.to_owned());
        std::iter::once(self.fresh.word.clone()).chain(names).collect()
    }

    /// What governs in the policies of either side.
    fn lists(&self, governing: Directive) -> [Vec<&'a ParsedDirective<'a>>; 2] {
        self.sides.map(|side| deciding(side, governing))
    }

    /// URLs, each with how many redirects led to it.
    fn urls(
        &self,
        governing: Directive,
        lists: &[Vec<&'a ParsedDirective<'a>>; 2],
        file: &str,
    ) -> Vec<(Url, u32)> {
        let mut urls = Vec::new();
        for side in lists {
            let each: Vec<Vec<Pattern<'a>>> =
                side.iter().map(|list| self.expansions(list, governing)).collect();
            let mut add = |patterns: Vec<Pattern<'a>>, redirect_count| {
                let found =
                    patterns.into_iter().flat_map(|pattern| pattern.urls(&self.fresh, file));
                urls.extend(found.map(|url| (url, redirect_count)));
            };
            add(intersection(&each), 0);
            if each.iter().flatten().any(|pattern| pattern.has_path()) {
                // After a redirect, paths do not count.
                let wider: Vec<Vec<_>> = each
                    .iter()
                    .map(|list| list.iter().map(|pattern| pattern.without_path()).collect())
                    .collect();
                add(intersection(&wider), 1);
            }
        }
        urls.extend(self.elsewhere(file).map(|url| (url, 0)));
        urls
    }

    /// Requests that are trusted for a nonce or for their integrity; where several policies apply, and not all of them trust
    /// it, by a URL that the others allow.
    fn trusted(
        &self,
        lists: &[Vec<&'a ParsedDirective<'a>>; 2],
        governing: Directive,
        destination: Destination,
        file: &str,
    ) -> Vec<Request> {
        let Some(elsewhere) = self.elsewhere(file).next() else { return Vec::new() };
        if !destination.is_script_like() && destination != Destination::Style {
            return Vec::new();
        }
        let (nonces, hashes) = (nonces(lists), hashes(lists));
        let request = |url: &Url, nonce: &str, integrity: &str| Request {
            nonce: nonce.to_owned(),
            integrity: integrity.to_owned(),
            ..Request::new(url.clone(), destination)
        };
        let with_nonce = nonces.iter().map(|nonce| request(&elsewhere, nonce, ""));
        let with_hash = hashes.iter().map(|hash| request(&elsewhere, "", hash));
        let mut requests: Vec<Request> = with_nonce.chain(with_hash).collect();
        for side in lists.iter().filter(|side| side.len() > 1) {
            let trusts: Vec<Trust<'_>> = side.iter().map(|list| Trust::of(list)).collect();
            let each: Vec<_> = side.iter().map(|list| self.expansions(list, governing)).collect();
            // Many nonces and hashes are trusted by the same lists.
            let mut urls_of_others: BTreeMap<Vec<bool>, Vec<Url>> = BTreeMap::new();
            for nonce in std::iter::once("").chain(nonces.iter().copied()).take(COMBINED) {
                for hash in
                    std::iter::once("").chain(hashes.iter().map(String::as_str)).take(COMBINED)
                {
                    let trusting = trusts.iter().map(|trust| trust.has(nonce, hash)).collect();
                    let urls = urls_of_others.entry(trusting).or_insert_with_key(|trusting| {
                        let others = each.iter().zip(trusting).filter(|(_, trusts)| !**trusts);
                        let others: Vec<_> = others.map(|(list, _)| list.clone()).collect();
                        let patterns = intersection(&others).into_iter().take(COMBINED);
                        let urls = patterns.flat_map(|pattern| pattern.urls(&self.fresh, file));
                        urls.filter(|url| is_asked(url, destination)).collect()
                    });
                    requests.extend(urls.iter().map(|url| request(url, nonce, hash)));
                }
            }
        }
        requests
    }

    /// What a list's expressions stand for, each once.
    fn expansions(&self, list: &'a ParsedDirective<'a>, governing: Directive) -> Vec<Pattern<'a>> {
        let mut known = BTreeSet::new();
        let patterns =
            list.sources().flat_map(|source| expand(source.expression, governing, self.origin));
        patterns.filter(|pattern| known.insert(*pattern)).collect()
    }

    /// URLs that only the widest expressions cover, and those of the page itself.
    fn elsewhere(&self, file: &str) -> impl Iterator<Item = Url> {
        let host = &self.fresh.host;
        let anywhere =
            ["https", "http", "wss", "ws"].map(|scheme| format!("{scheme}://{host}/{file}"));
        let local = SCHEMES.map(|scheme| match scheme {
            "data" => "data:,".to_owned(),
            "ftp" => format!("ftp://{host}/{file}"),
            _ => format!("{scheme}:https://{host}/{file}"),
        });
        let own = match (self.origin.scheme(), self.origin.host()) {
            (Some(scheme), Some(host)) => {
                let port = self.origin.port().map_or(String::new(), |port| format!(":{port}"));
                Some(format!("{scheme}://{host}{port}/{file}"))
            }
            _ => None,
        };
        anywhere.into_iter().chain(local).chain(own).filter_map(|text| text.parse().ok())
    }
}

/// Whether there are such requests: nothing but a connection is made by WebSockets.
fn is_asked(url: &Url, destination: Destination) -> bool {
    destination == Destination::Empty || !url.scheme().starts_with("ws")
}

/// What decides about a directive in the policies that are enforced.
pub(super) fn deciding<'a>(
    policies: &[EnforcedPolicy<'a>],
    directive: Directive,
) -> Vec<&'a ParsedDirective<'a>> {
    let enforced = policies.iter().filter(|policy| policy.disposition() == Disposition::Enforce);
    enforced
        .filter_map(|policy| directive.fallback_list().find_map(|next| policy.get(next)))
        .collect()
}

/// What all of the lists match, and what each of them does where that is too much to work out.
fn intersection<'a>(lists: &[Vec<Pattern<'a>>]) -> Vec<Pattern<'a>> {
    common(lists.iter().cloned()).unwrap_or_else(|| lists.concat())
}

/// What a list allows of scripts that no parser inserted, wherever they are from.
struct Trust<'a> {
    nonces: BTreeSet<&'a str>,
    /// As integrity metadata.
    hashes: BTreeSet<String>,
    /// Whether it allows all of them.
    is_dynamic: bool,
}

impl<'a> Trust<'a> {
    fn of(list: &ParsedDirective<'a>) -> Self {
        let mut trust = Self {
            nonces: BTreeSet::new(),
            hashes: BTreeSet::new(),
            is_dynamic: has(list, Keyword::StrictDynamic),
        };
        for source in list.sources() {
            match source.expression {
                SourceExpression::Nonce(nonce) => _ = trust.nonces.insert(nonce),
                SourceExpression::Hash(algorithm, value) => {
                    trust.hashes.insert(integrity(algorithm, value));
                }
                _ => {}
            }
        }
        trust
    }

    fn has(&self, nonce: &str, hash: &str) -> bool {
        self.is_dynamic || self.nonces.contains(nonce) || self.hashes.contains(hash)
    }
}

fn nonces<'a>(lists: &[Vec<&'a ParsedDirective<'a>>; 2]) -> Vec<&'a str> {
    let sources = lists.iter().flatten().flat_map(|list| list.sources());
    let nonces = sources.filter_map(|source| match source.expression {
        SourceExpression::Nonce(nonce) => Some(nonce),
        _ => None,
    });
    nonces.collect()
}

/// Integrity metadata for each hash.
fn hashes(lists: &[Vec<&ParsedDirective<'_>>; 2]) -> Vec<String> {
    hash_sources(lists).map(|(algorithm, value)| integrity(algorithm, value)).collect()
}

fn integrity(algorithm: HashAlgorithm, value: &str) -> String {
    format!("{}-{value}", algorithm.as_str())
}

fn hash_sources<'a>(
    lists: &[Vec<&'a ParsedDirective<'a>>; 2],
) -> impl Iterator<Item = (HashAlgorithm, &'a str)> {
    let sources = lists.iter().flatten().flat_map(|list| list.sources());
    sources.filter_map(|source| match source.expression {
        SourceExpression::Hash(algorithm, value) => Some((algorithm, value)),
        _ => None,
    })
}

fn has(list: &ParsedDirective<'_>, keyword: Keyword) -> bool {
    list.sources().any(|source| source.expression == SourceExpression::Keyword(keyword))
}
