//! Expressions that match URLs, found by the URL's scheme, host and path.
//!
//! The tables only say which expressions may match: those of the URL's host, or of a domain it is in. Whether one does
//! is for the rules of [`url_match`] to say.
//!
//! [`url_match`]: super::super::url_match

use std::collections::{BTreeMap, BTreeSet};

use super::super::index::{Index, Rolling, Seed};
use super::super::path_match::percent_decode;
use super::super::url_match::{
    Context, Target, decimal, decoded, decoded_matches, default_port, has_escapes_to_decode,
    is_star, matches_beside_host, scheme_part_matches, self_matches,
};
use crate::csp::{Directive, HostSource, Keyword, SourceExpression};
use crate::text::Span;

/// The schemes of URLs that a scheme-source of another scheme may match (section 6.7.2.9).
const NETWORK: [&str; 4] = ["https", "http", "wss", "ws"];

/// The expressions of a list that match URLs.
#[derive(Debug)]
pub(super) struct Sources<'a> {
    star: Option<Span>,
    own: Option<Span>,
    /// For each of the network's schemes the first scheme-source that matches it.
    network: [Option<Span>; NETWORK.len()],
    /// All of the scheme-sources, of which those of other schemes match nothing else.
    schemes: Index<(&'a str, Span)>,
    hosts: Index<Site<'a>>,
    /// What stands behind `*` in a wildcard.
    parents: Index<Site<'a>>,
    /// How long those are.
    lengths: Vec<usize>,
    /// The host `*`.
    anywhere: Option<Site<'a>>,
    /// Where the first host-source stands.
    first_host: Option<Span>,
    /// Host-sources that are read anew for other processes: few, as hardly a path has an escape.
    decoded: Vec<(Span, String)>,
}

/// The host-sources of one host-part.
#[derive(Debug, Default)]
struct Site<'a> {
    host: &'a str,
    /// Those that match every path.
    everywhere: Rules<'a>,
    /// All of them as they match after a redirect, whatever the path.
    redirected: Rules<'a>,
    /// The others, by their decoded path.
    paths: Option<Index<Rules<'a>>>,
}

/// Host-sources that differ in scheme and port.
#[derive(Debug, Default)]
struct Rules<'a> {
    path: &'a str,
    /// Those of the network's schemes and of the page's: few, as each stands here once.
    network: Ports<'a>,
    /// The others, which match no scheme but their own, by that in lower case.
    others: BTreeMap<String, Ports<'a>>,
}

/// Host-sources by port.
#[derive(Debug, Default)]
struct Ports<'a> {
    /// Those without a number for a port.
    plain: Vec<HostRule<'a>>,
    by_number: BTreeMap<u32, Vec<HostRule<'a>>>,
}

#[derive(Clone, Copy, Debug)]
struct HostRule<'a> {
    source: HostSource<'a>,
    span: Span,
}

impl<'a> Sources<'a> {
    pub(super) fn of(expressions: &[(Span, SourceExpression<'a>)], context: Context<'_>) -> Self {
        let texts = expressions.iter().filter_map(|(_, expression)| match *expression {
            SourceExpression::Scheme(scheme) => Some(scheme),
            SourceExpression::Host(host) => Some(host.host),
            _ => None,
        });
        let seed = Seed::of(texts);
        let mut sources = Self {
            star: None,
            own: None,
            network: [None; NETWORK.len()],
            schemes: Index::new(seed),
            hosts: Index::new(seed),
            parents: Index::new(seed),
            lengths: Vec::new(),
            anywhere: None,
            first_host: None,
            decoded: Vec::new(),
        };
        for (span, expression) in expressions {
            sources.add(*span, *expression, seed, context);
        }
        let lengths: BTreeSet<_> =
            sources.parents.values_mut().map(|site| site.host.len()).collect();
        sources.lengths = lengths.into_iter().collect();
        let sites = sources.hosts.values_mut().chain(sources.parents.values_mut());
        sites.chain(&mut sources.anywhere).for_each(Site::finish);
        sources
    }

    fn add(
        &mut self,
        span: Span,
        expression: SourceExpression<'a>,
        seed: Seed,
        context: Context<'_>,
    ) {
        match expression {
            star if is_star(&star) => {
                self.star.get_or_insert(span);
            }
            SourceExpression::Keyword(Keyword::SelfOrigin) => {
                self.own.get_or_insert(span);
            }
            SourceExpression::Scheme(scheme) => self.add_scheme(scheme, span, context),
            SourceExpression::Host(source) => {
                self.first_host.get_or_insert(span);
                if has_escapes_to_decode(&source, context.engine) {
                    self.decoded.push((span, decoded(&source)));
                }
                self.site_mut(source.host).add(HostRule { source, span }, seed);
            }
            _ => {}
        }
    }

    fn add_scheme(&mut self, scheme: &'a str, span: Span, context: Context<'_>) {
        for (network, found) in NETWORK.iter().zip(&mut self.network) {
            if scheme_part_matches(scheme, network, context.engine) {
                found.get_or_insert(span);
            }
        }
        let hash = self.schemes.hash_in_any_case(scheme);
        let is_it = |(known, _): &(&str, Span)| scheme.eq_ignore_ascii_case(known);
        self.schemes.entry(hash, is_it, || (scheme, span));
    }

    fn site_mut(&mut self, host: &'a str) -> &mut Site<'a> {
        let (sites, end) = match host.strip_prefix('*') {
            Some("") => return self.anywhere.get_or_insert_default(),
            Some(parent) => (&mut self.parents, parent),
            None => (&mut self.hosts, host),
        };
        let hash = sites.hash_in_any_case(end);
        let is_it = |site: &Site<'_>| site.host.eq_ignore_ascii_case(end);
        sites.entry(hash, is_it, || Site { host: end, ..Site::default() })
    }

    /// The first expression that matches.
    pub(super) fn matching(
        &self,
        target: Target<'_>,
        directive: Directive,
        context: Context<'_>,
    ) -> Option<Span> {
        let star = self.star.filter(|_| {
            context.star_covers(target)
                || context.engine.star_in_directive_covers(directive, target.scheme())
        });
        let own = self.own.filter(|_| self_matches(target, context));
        let found = earlier(earlier(star, own), self.by_scheme(target.scheme()));
        let precedes_hosts = |found: Span| self.first_host.is_none_or(|first| found < first);
        if found.is_some_and(precedes_hosts) {
            return found;
        }
        let found = earlier(found, self.by_host(target, context));
        earlier(found, self.by_decoded(target, context))
    }

    fn by_scheme(&self, scheme: &str) -> Option<Span> {
        if self.schemes.is_empty() {
            return None;
        }
        if let Some((_, found)) =
            NETWORK.iter().zip(self.network).find(|(name, _)| **name == scheme)
        {
            return found;
        }
        let hash = self.schemes.hash_in_any_case(scheme);
        let found = self.schemes.get(hash, |(known, _)| known.eq_ignore_ascii_case(scheme));
        found.map(|(_, span)| *span)
    }

    fn by_host(&self, target: Target<'_>, context: Context<'_>) -> Option<Span> {
        let host = target.compared_host(context.engine)?;
        let matching = |site: Option<&Site<'_>>| site?.matching(target, context);
        let own = matching(site(&self.hosts, host));
        let parents = self.lengths.iter().filter_map(|length| {
            let start = host.len().checked_sub(*length)?;
            if host.as_bytes().get(start) != Some(&b'.') {
                return None;
            }
            matching(site(&self.parents, host.get(start..)?))
        });
        let found = parents.fold(own, |found, parent| earlier(found, Some(parent)));
        earlier(found, matching(self.anywhere.as_ref()))
    }

    fn by_decoded(&self, target: Target<'_>, context: Context<'_>) -> Option<Span> {
        if !target.is_in_other_process() {
            return None;
        }
        let found = self.decoded.iter().find(|(_, text)| decoded_matches(text, target, context));
        found.map(|(span, _)| *span)
    }
}

/// The first of two places where something may have been found.
fn earlier(a: Option<Span>, b: Option<Span>) -> Option<Span> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        _ => a.or(b),
    }
}

fn site<'s, 'a>(sites: &'s Index<Site<'a>>, host: &str) -> Option<&'s Site<'a>> {
    if sites.is_empty() {
        return None;
    }
    // As a rule both are in lower case, which is compared at once.
    let is_it = |site: &Site<'_>| site.host == host || site.host.eq_ignore_ascii_case(host);
    sites.get(sites.hash_in_any_case(host), is_it)
}

impl<'a> Site<'a> {
    fn add(&mut self, rule: HostRule<'a>, seed: Seed) {
        self.redirected.add(rule);
        match rule.source.path {
            None | Some("/") => self.everywhere.add(rule),
            Some(path) => {
                let paths = self.paths.get_or_insert_with(|| Index::new(seed));
                let hash = paths.hash(percent_decode(path));
                let is_it = |rules: &Rules<'_>| percent_decode(rules.path).eq(percent_decode(path));
                paths.entry(hash, is_it, || Rules { path, ..Rules::default() }).add(rule);
            }
        }
    }

    /// Leaves out what is there twice.
    fn finish(&mut self) {
        self.redirected.deduplicate(|_| Vec::new());
        self.everywhere.deduplicate(|_| Vec::new());
        for rules in self.paths.iter_mut().flat_map(Index::values_mut) {
            rules.deduplicate(|rule| pieces(rule.source.path.unwrap_or_default()));
        }
    }

    /// The first rule that matches.
    fn matching(&self, target: Target<'_>, context: Context<'_>) -> Option<Span> {
        if target.is_redirected() {
            return self.redirected.matching(target, context);
        }
        earlier(self.everywhere.matching(target, context), self.by_path(target, context))
    }

    fn by_path(&self, target: Target<'_>, context: Context<'_>) -> Option<Span> {
        let paths = self.paths.as_ref()?;
        let at = |rolling: Rolling| {
            let rules = paths.all(rolling.finish());
            rules.filter_map(|rules| rules.matching(target, context)).min()
        };
        let mut rolling = paths.rolling();
        let mut found = None;
        for byte in percent_decode(target.path()) {
            rolling.add(byte);
            // A directory, perhaps.
            if byte == b'/' {
                found = earlier(found, at(rolling));
            }
        }
        earlier(found, at(rolling))
    }
}

/// A path's pieces, decoded: all of it that matching regards.
fn pieces(path: &str) -> Vec<Vec<u8>> {
    path.split('/').map(|piece| percent_decode(piece).collect()).collect()
}

impl<'a> Rules<'a> {
    fn add(&mut self, rule: HostRule<'a>) {
        let is_network =
            |scheme: &&str| NETWORK.iter().any(|network| network.eq_ignore_ascii_case(scheme));
        let ports = match rule.source.scheme.filter(|scheme| !is_network(scheme)) {
            Some(other) => self.others.entry(other.to_ascii_lowercase()).or_default(),
            None => &mut self.network,
        };
        ports.add(rule);
    }

    /// Leaves out rules that are there twice: that differ at most in how they are written.
    fn deduplicate(&mut self, path: fn(&HostRule<'a>) -> Vec<Vec<u8>>) {
        for ports in self.others.values_mut().chain([&mut self.network]) {
            ports.deduplicate(path);
        }
    }

    /// The first that matches.
    fn matching(&self, target: Target<'_>, context: Context<'_>) -> Option<Span> {
        let network = self.network.matching(target, context);
        if self.others.is_empty() {
            return network;
        }
        let other = self.others.get(target.scheme());
        earlier(network, other.and_then(|ports| ports.matching(target, context)))
    }
}

impl<'a> Ports<'a> {
    fn add(&mut self, rule: HostRule<'a>) {
        match rule.source.port {
            None | Some("*") => self.plain.push(rule),
            Some(digits) => self.by_number.entry(decimal(digits)).or_default().push(rule),
        }
    }

    fn deduplicate(&mut self, path: fn(&HostRule<'a>) -> Vec<Vec<u8>>) {
        for rules in self.by_number.values_mut().chain([&mut self.plain]) {
            let mut known = BTreeSet::new();
            rules.retain(|rule| {
                let HostSource { scheme, port, .. } = rule.source;
                let scheme = scheme.map(str::to_ascii_lowercase);
                known.insert((scheme, port == Some("*"), path(rule)))
            });
        }
    }

    /// The first that matches. Those of a port that is not the URL's do not, but for port 80, which may stand for an
    /// upgrade.
    fn matching(&self, target: Target<'_>, context: Context<'_>) -> Option<Span> {
        if self.by_number.is_empty() {
            return first_match(&self.plain, target, context);
        }
        let port = target.port().or_else(|| default_port(target.scheme())).map(u32::from);
        let upgraded = Some(80).filter(|_| port == Some(443));
        let numbered = port.into_iter().chain(upgraded);
        let numbered = numbered.filter_map(|port| self.by_number.get(&port));
        let candidates = numbered.chain([&self.plain]);
        candidates.filter_map(|rules| first_match(rules, target, context)).min()
    }
}

fn first_match(rules: &[HostRule<'_>], target: Target<'_>, context: Context<'_>) -> Option<Span> {
    let matches = |rule: &&HostRule<'_>| {
        !target.reads_decoded(&rule.source, context.engine)
            && matches_beside_host(&rule.source, target, context)
    };
    rules.iter().find(matches).map(|rule| rule.span)
}
