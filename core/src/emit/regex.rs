//! Perl-compatible regular expressions for sets of literal texts.

use std::fmt::Write;

/// Deeper than this, alternatives are not factored: PCRE2 refuses more than 250 nested groups.
const DEPTH: usize = 100;

/// The expression that matches just this text. Line breaks, quotes and backslashes are written in hexadecimal, so
/// that it is one line and no layer of quoting around it has anything to undo.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_control() || matches!(c, '"' | '\'' | '\\' | '#') {
            // Writing to a text cannot fail.
            let _ = write!(escaped, "\\x{:02x}", u32::from(c));
        } else {
            if matches!(
                c,
                '.' | '^' | '$' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '|'
            ) {
                escaped.push('\\');
            }
            escaped.push(c);
        }
    }
    escaped
}

/// Expressions of which each is at most `budget` bytes (unless one text alone is longer), and which together match
/// just the `words`. Common beginnings are written once. `words` must be sorted and hold no text twice.
pub(super) fn alternations(words: &[&str], budget: usize) -> Vec<String> {
    let mut all = Vec::new();
    if words.is_empty() {
        return all;
    }
    split(words, budget, &mut all);
    all
}

fn split(words: &[&str], budget: usize, all: &mut Vec<String>) {
    // An expression is hardly ever shorter than an eighth of its words: what is far too long is not written first.
    let hopeless = words.iter().map(|word| word.len()).sum::<usize>() / 8 > budget;
    let whole = if hopeless { None } else { Some(factor(words, 0, 0)) };
    match whole {
        Some(whole) if whole.len() <= budget || words.len() < 2 => all.push(whole),
        _ if words.len() < 2 => all.push(factor(words, 0, 0)),
        _ => {
            let (front, back) = words.split_at(words.len() / 2);
            split(front, budget, all);
            split(back, budget, all);
        }
    }
}

/// What follows the first `skip` bytes of the words, which they share.
fn factor(words: &[&str], skip: usize, depth: usize) -> String {
    let common = common_length(words, skip);
    let shared = words.first().and_then(|word| word.get(skip..common)).unwrap_or_default();
    let mut expression = escape(shared);
    if words.len() < 2 {
        return expression;
    }
    expression.push_str("(?:");
    let mut rest = words;
    let mut separator = "";
    while !rest.is_empty() {
        let count = if depth < DEPTH { same_next(rest, common) } else { 1 };
        let (group, after) = rest.split_at(count);
        expression.push_str(separator);
        expression.push_str(&factor(group, common, depth + 1));
        separator = "|";
        rest = after;
    }
    expression.push(')');
    expression
}

/// How many of the first words go on with the same character at `from`; at least one.
fn same_next(words: &[&str], from: usize) -> usize {
    let next = |word: &&str| word.get(from..).and_then(|rest| rest.chars().next());
    let Some(first) = words.first().map(next) else { return 1 };
    words.partition_point(|word| next(word) == first).max(1)
}

/// Length of the beginning that all words share: sorted, the first and the last differ soonest.
fn common_length(words: &[&str], from: usize) -> usize {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return from };
    let first_rest = first.get(from..).unwrap_or_default();
    let last_rest = last.get(from..).unwrap_or_default();
    let same = first_rest.chars().zip(last_rest.chars()).take_while(|(a, b)| a == b);
    from + same.map(|(c, _)| c.len_utf8()).sum::<usize>()
}

/// Expressions for paths that begin with one of `prefixes`, by whole segments, and end with one of `suffixes`; an
/// empty list asks nothing. Each is anchored at both ends where it has to be.
pub(super) fn ends(prefixes: &[String], suffixes: &[String], budget: usize) -> Vec<String> {
    let tails = alternations(&sorted(suffixes, |_| true), budget);
    let under = sorted(prefixes, |prefix| prefix.ends_with('/'));
    let whole = sorted(prefixes, |prefix| !prefix.ends_with('/'));
    let mut heads = alternations(&under, budget);
    heads.extend(alternations(&whole, budget).into_iter().map(|head| format!("{head}(?:/|\\z)")));
    if suffixes.is_empty() {
        return heads.into_iter().map(|head| format!("^{head}")).collect();
    }
    if prefixes.is_empty() {
        return tails.into_iter().map(|tail| format!("{tail}\\z")).collect();
    }
    let pair = |head: &String| {
        let start = format!("(?s)^(?={head})");
        tails.iter().map(|tail| format!("{start}.*{tail}\\z")).collect::<Vec<_>>()
    };
    heads.iter().flat_map(pair).collect()
}

fn sorted(texts: &[String], keep: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut texts: Vec<&str> = texts.iter().map(String::as_str).filter(|text| keep(text)).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_beginnings_are_written_once() {
        let words = ["/a", "/a.html", "/b/c", "/b/d", "/bé", "/bè"];
        let sorted = sorted(&words.map(str::to_owned), |_| true).join(" ");
        assert_eq!(sorted, "/a /a.html /b/c /b/d /bè /bé");
        let words: Vec<&str> = sorted.split(' ').collect();
        assert_eq!(alternations(&words, 100), [r"/(?:a(?:|\.html)|b(?:/(?:c|d)|è|é))"]);
        assert_eq!(alternations(&words, 20), ["/a", r"/(?:a\.html|b/c)", "/b(?:/d|è|é)"]);
    }

    #[test]
    fn nothing_needs_quoting_twice() {
        assert_eq!(escape("/a\"b'c\\d\ne#f$ü.{}"), r"/a\x22b\x27c\x5cd\x0ae\x23f\$ü\.\{\}");
    }

    #[test]
    fn groups_do_not_nest_without_bound() {
        let words: Vec<String> = (1..600).map(|n| "a".repeat(n)).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let [whole] = alternations(&words, usize::MAX).try_into().unwrap();
        assert!(whole.matches("(?:").count() <= DEPTH + 1);
    }

    #[test]
    fn both_ends() {
        let texts = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        assert_eq!(ends(&texts(&["/a", "/b/"]), &[], 100), ["^/b/", r"^/a(?:/|\z)"]);
        assert_eq!(ends(&[], &texts(&[".js", ".css"]), 100), [r"\.(?:css|js)\z"]);
        assert_eq!(ends(&texts(&["/"]), &texts(&[".js"]), 100), [r"(?s)^(?=/).*\.js\z"]);
    }
}
