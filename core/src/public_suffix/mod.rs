//! The names under which anyone can have one: the Public Suffix List.
//!
//! The rules are those of the crate `psl`, which the tests hold them against. That crate compiles them into code,
//! which is 0.9 MB of the browser's download; as lines of a name and the labels before it they are 97 kB, read when they
//! are first asked for.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Rules of the list, in lower case and ASCII.
///
/// Source: the Public Suffix List's algorithm, <https://github.com/publicsuffix/list/wiki/Format>.
pub struct PublicSuffixes(&'static [&'static LazyLock<Section>]);

/// The suffixes of registries, as `co.uk`.
pub const ICANN: PublicSuffixes = PublicSuffixes(&[&REGISTRIES]);

/// Those of registries, and of services that hand out names below their own, as `github.io`.
pub const ALL: PublicSuffixes = PublicSuffixes(&[&REGISTRIES, &SERVICES]);

static REGISTRIES: LazyLock<Section> = LazyLock::new(|| Section::new(include_str!("icann.txt")));
static SERVICES: LazyLock<Section> = LazyLock::new(|| Section::new(include_str!("private.txt")));

/// A name as its first label and the rest; that is empty if there is no other.
type Name<'a> = (&'a str, &'a str);

/// The rules of one section by their kinds.
#[derive(Default)]
struct Section {
    /// Names that are suffixes; with the label `*`, all that the rest can have.
    names: HashSet<Name<'static>>,
    /// Names that are none nevertheless: `www.ck` of `!www.ck`.
    exceptions: HashSet<Name<'static>>,
}

/// As few bytes as most labels take.
const BYTES: usize = 7;

impl Section {
    /// The section of these lines.
    fn new(lines: &'static str) -> Self {
        let names = HashSet::with_capacity(lines.len() / BYTES);
        let mut section = Self { names, ..Self::default() };
        for (label, rest) in lines.lines().flat_map(rules) {
            match label.strip_prefix('!') {
                Some(label) => section.exceptions.insert((label, rest)),
                None => section.names.insert((label, rest)),
            };
        }
        section
    }
}

/// The rules on a line: the rest of their names, and the first labels.
fn rules(line: &str) -> impl Iterator<Item = Name<'_>> {
    let (rest, labels) = line.split_once(' ').unwrap_or_default();
    labels.split(' ').map(move |label| (label, rest))
}

impl PublicSuffixes {
    /// The public suffix of a lower-case host name in ASCII, by the longest rule that matches; none where only the
    /// list's default rule would (`*`: the last label is a suffix).
    ///
    /// ```
    /// use cspc_core::public_suffix::{ALL, ICANN};
    ///
    /// assert_eq!(ALL.suffix("www.example.co.uk"), Some("co.uk"));
    /// assert_eq!(ALL.suffix("me.github.io"), Some("github.io"));
    /// assert_eq!(ICANN.suffix("me.github.io"), Some("io"));
    /// assert_eq!(ALL.suffix("printer.corp"), None);
    /// ```
    pub fn suffix<'a>(&self, host: &'a str) -> Option<&'a str> {
        let parent_of = |name: &'a str| name.split_once('.').map(|(_, parent)| parent);
        let mut names = std::iter::successors(Some(host), |name| parent_of(name));
        names.find_map(|name| {
            if self.is_exception(name) {
                return parent_of(name);
            }
            self.is_rule(name).then_some(name)
        })
    }

    /// Whether a lower-case name in ASCII is itself a public suffix.
    ///
    /// ```
    /// use cspc_core::public_suffix::ALL;
    ///
    /// assert!(ALL.is_suffix("co.uk") && !ALL.is_suffix("example.co.uk"));
    /// ```
    pub fn is_suffix(&self, name: &str) -> bool {
        self.is_rule(name) && !self.is_exception(name)
    }

    /// The public suffix and the label before it: what one registers. A last label that the list does not know is a
    /// suffix, by its default rule.
    ///
    /// ```
    /// use cspc_core::public_suffix::ALL;
    ///
    /// assert_eq!(ALL.registrable_domain("www.example.co.uk"), Some("example.co.uk"));
    /// assert_eq!(ALL.registrable_domain("co.uk"), None);
    /// ```
    pub fn registrable_domain<'a>(&self, host: &'a str) -> Option<&'a str> {
        let last = host.rsplit('.').next().filter(|label| !label.is_empty());
        let suffix = self.suffix(host).or(last)?;
        let labels = host.strip_suffix(suffix)?.strip_suffix('.')?;
        let start = labels.rfind('.').map_or(0, |dot| dot + 1);
        host.get(start..).filter(|_| start < labels.len())
    }

    /// Whether a rule that is no exception matches the whole name.
    fn is_rule(&self, name: &str) -> bool {
        let (label, rest) = name.split_once('.').unwrap_or((name, ""));
        let names = |section: &Section, label| section.names.contains(&(label, rest));
        self.0.iter().any(|section| names(section, label) || names(section, "*"))
    }

    fn is_exception(&self, name: &str) -> bool {
        let name = name.split_once('.').unwrap_or((name, ""));
        self.0.iter().any(|section| section.exceptions.contains(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 2] = [include_str!("icann.txt"), include_str!("private.txt")];

    /// Hosts that a rule is about: its own name, names below it, and its neighbours.
    fn hosts((label, rest): Name<'_>) -> impl Iterator<Item = String> {
        let rule = format!("{label}.{rest}");
        let name = rule.trim_start_matches(['!', '*', '.']).trim_end_matches('.').to_owned();
        let parent = name.split_once('.').map(|(_, parent)| format!("a.{parent}"));
        let below = ["", "a.", "b.a.", "c.b.a.", "x"].map(|labels| format!("{labels}{name}"));
        below.into_iter().chain(parent)
    }

    /// Whether the name is that of a wildcard rule and covered by another one: `psl` forgets the latter.
    fn is_inner(name: &str) -> bool {
        let is_parent = |name| ALL.0.iter().any(|section| section.names.contains(&("*", name)));
        is_parent(name) && name.split_once('.').is_some_and(|(_, parent)| is_parent(parent))
    }

    #[test]
    fn a_wildcard_rule_covers_the_names_of_others() {
        let host = "ap-north-1.r.cloud.int.apple";
        assert_eq!(ALL.suffix(host), Some(host));
        assert_eq!(psl::suffix_str(host), Some("int.apple"), "mended: take the exception away");
    }

    #[test]
    fn every_rule_says_what_the_crate_psl_says() {
        let all = TEXTS.into_iter().flat_map(str::lines).flat_map(rules);
        for host in all.flat_map(hosts).filter(|host| !is_inner(host)) {
            let theirs = psl::suffix(host.as_bytes()).filter(psl::Suffix::is_known);
            assert_eq!(
                ALL.suffix(&host).map(str::as_bytes),
                theirs.map(|suffix| suffix.as_bytes()),
                "{host}"
            );
            let theirs = psl::domain(host.as_bytes()).map(|domain| domain.as_bytes());
            assert_eq!(ALL.registrable_domain(&host).map(str::as_bytes), theirs, "{host}");
        }
    }

    #[test]
    fn lines_and_labels_are_sorted() {
        for text in TEXTS {
            assert!(text.lines().is_sorted() && text.ends_with('\n'));
            assert!(text.lines().all(|line| rules(line).is_sorted()));
        }
    }

    #[test]
    fn what_is_no_name_has_no_domain() {
        for host in ["", ".", "..", "com.", ".com.", ".com", "*", "!", "\n", "ü"] {
            assert_eq!(ALL.registrable_domain(host), None, "{host}");
        }
    }
}
