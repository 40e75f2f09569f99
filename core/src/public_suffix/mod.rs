//! The names under which anyone can have one: the Public Suffix List.
//!
//! The rules are those of the crate `psl`, which the tests hold them against. That crate compiles them into code,
//! which is 0.9 MB of the browser's download; as sorted lines they are 150 kB, and need no set-up.

use std::cmp::Ordering;

const REGISTRIES: &str = include_str!("icann.txt");
const SERVICES: &str = include_str!("private.txt");

/// Rules of the list: sections of sorted lines, in lower case and ASCII.
///
/// Source: the Public Suffix List's algorithm, <https://github.com/publicsuffix/list/wiki/Format>.
pub struct PublicSuffixes(&'static [&'static str]);

/// The suffixes of registries, as `co.uk`.
pub const ICANN: PublicSuffixes = PublicSuffixes(&[REGISTRIES]);

/// Those of registries, and of services that hand out names below their own, as `github.io`.
pub const ALL: PublicSuffixes = PublicSuffixes(&[REGISTRIES, SERVICES]);

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
            if self.has("!", name) {
                return parent_of(name);
            }
            let is_suffix =
                self.has("", name) || parent_of(name).is_some_and(|parent| self.has("*.", parent));
            is_suffix.then_some(name)
        })
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

    /// Whether there is the rule of this mark and name.
    fn has(&self, mark: &str, name: &str) -> bool {
        self.0.iter().any(|lines| has_line(lines, mark, name))
    }
}

/// Whether one of the sorted lines is `mark` followed by `name`.
fn has_line(lines: &str, mark: &str, name: &str) -> bool {
    let mut rest = lines;
    while let Some((before, line, after)) = middle(rest) {
        match line.bytes().cmp(mark.bytes().chain(name.bytes())) {
            Ordering::Less => rest = after,
            Ordering::Equal => return true,
            Ordering::Greater => rest = before,
        }
    }
    false
}

/// The line in the middle, with the lines before and after it.
fn middle(lines: &str) -> Option<(&str, &str, &str)> {
    let (first, _) = lines.split_at_checked(lines.len() / 2)?;
    let start = first.rfind('\n').map_or(0, |end| end + 1);
    let (before, rest) = lines.split_at_checked(start)?;
    let (line, after) = rest.split_once('\n')?;
    Some((before, line, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hosts that a rule is about: its own name, names below it, and its neighbours.
    fn hosts(rule: &str) -> impl Iterator<Item = String> {
        let name = rule.trim_start_matches(['!', '*', '.']).to_owned();
        let parent = name.split_once('.').map(|(_, parent)| format!("a.{parent}"));
        let below = ["", "a.", "b.a.", "c.b.a.", "x"].map(|labels| format!("{labels}{name}"));
        below.into_iter().chain(parent)
    }

    /// Whether the name is that of a wildcard rule and covered by another one: `psl` forgets the latter.
    fn is_inner(name: &str) -> bool {
        ALL.has("*.", name) && name.split_once('.').is_some_and(|(_, parent)| ALL.has("*.", parent))
    }

    #[test]
    fn a_wildcard_rule_covers_the_names_of_others() {
        let host = "ap-north-1.r.cloud.int.apple";
        assert_eq!(ALL.suffix(host), Some(host));
        assert_eq!(psl::suffix_str(host), Some("int.apple"), "mended: take the exception away");
    }

    #[test]
    fn every_rule_says_what_the_crate_psl_says() {
        let rules = [REGISTRIES, SERVICES].into_iter().flat_map(str::lines);
        for host in rules.flat_map(hosts).filter(|host| !is_inner(host)) {
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
    fn the_lines_are_sorted() {
        for rules in [REGISTRIES, SERVICES] {
            assert!(rules.lines().is_sorted() && rules.ends_with('\n'));
        }
    }

    #[test]
    fn what_is_no_name_has_no_domain() {
        for host in ["", ".", "..", "com.", ".com.", ".com", "*", "!", "\n", "ü"] {
            assert_eq!(ALL.registrable_domain(host), None, "{host}");
        }
    }
}
