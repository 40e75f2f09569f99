//! How the Observatory makes one policy of several. Browsers enforce each of them; this is no such thing, and is here so
//! that the score comes out the same.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The policy that the Observatory judges: directives in lower case, and their sources.
#[derive(Debug, Default)]
pub(super) struct Merged<'a> {
    directives: BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>,
    /// Whether `report-uri` or `report-to` is there twice in one policy.
    pub(super) repeats_reporting: bool,
}

/// The Observatory calls the policies invalid.
#[derive(Debug)]
pub(super) struct Invalid;

/// A source on its way into the merged policy.
#[derive(Clone, Debug)]
struct Candidate<'a> {
    text: Cow<'a, str>,
    policy: usize,
    keep: bool,
}

/// The shortest policy that it reads, in UTF-16 code units.
const SHORTEST: usize = 6;
/// More policies than any response has: what follows is not looked at, so that merging takes no more than linear time.
const MAX_POLICIES: usize = 256;

/// The texts of headers or `<meta>` elements, parted at commas.
pub(super) fn policies<'t>(texts: impl Iterator<Item = &'t str>) -> Vec<&'t str> {
    texts.flat_map(|text| text.split(',')).map(trimmed).take(MAX_POLICIES).collect()
}

impl<'a> Merged<'a> {
    /// Merges policies as the Observatory does: a source of the first policy stays if each later one with the directive
    /// has it, or something below it.
    pub(super) fn of(policies: &[&'a str]) -> Result<Self, Invalid> {
        if policies.iter().any(|policy| policy.encode_utf16().take(SHORTEST).count() < SHORTEST) {
            return Err(Invalid);
        }
        let mut directives: BTreeMap<Cow<'a, str>, Vec<Candidate<'a>>> = BTreeMap::new();
        let mut merged = Self::default();
        for (index, policy) in policies.iter().enumerate() {
            merged.repeats_reporting |= add(&mut directives, index, policy, policies.len() > 1)?;
        }
        let flat = |(name, sources): (_, Vec<Candidate<'a>>)| {
            let mut texts: Vec<Cow<'a, str>> =
                sources.into_iter().map(|source| source.text).collect();
            texts.dedup();
            if texts.is_empty() {
                texts.push(Cow::Borrowed("'none'"));
            }
            (name, texts)
        };
        merged.directives = directives.into_iter().map(flat).collect();
        Ok(merged)
    }

    /// The sources of the directive.
    pub(super) fn get(&self, name: &str) -> Option<&[Cow<'a, str>]> {
        self.directives.get(name).map(Vec::as_slice)
    }

    /// The directive that decides in the place of this one: itself or `default-src`.
    pub(super) fn deciding(&self, name: &'static str) -> Option<&'static str> {
        [name, "default-src"].into_iter().find(|name| self.directives.contains_key(*name))
    }

    /// The sources that decide in the place of this directive.
    pub(super) fn list(&self, name: &'static str) -> Option<&[Cow<'a, str>]> {
        self.get(self.deciding(name)?)
    }

    /// Takes sources away from the list that decides in the place of this directive.
    pub(super) fn retain(&mut self, name: &'static str, keeps: impl Fn(&str) -> bool) {
        let deciding = self.deciding(name).and_then(|name| self.directives.get_mut(name));
        deciding.into_iter().for_each(|sources| sources.retain(|source| keeps(source)));
    }

    /// The directives and their sources.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[Cow<'a, str>])> {
        self.directives.iter().map(|(name, sources)| (&**name, sources.as_slice()))
    }

    /// Whether there is no directive but these.
    pub(super) fn has_only(&self, names: &[&str]) -> bool {
        self.directives.keys().all(|name| names.contains(&&**name))
    }
}

/// Adds one policy, and tells whether it repeats a reporting directive.
fn add<'a>(
    directives: &mut BTreeMap<Cow<'a, str>, Vec<Candidate<'a>>>,
    index: usize,
    policy: &'a str,
    is_one_of_several: bool,
) -> Result<bool, Invalid> {
    let mut seen: BTreeSet<Cow<'a, str>> = BTreeSet::new();
    let mut repeats = false;
    for directive in policy.split(';') {
        let mut words = directive.split(is_space).filter(|word| !word.is_empty());
        let Some(name) = words.next().map(lower) else { continue };
        if !seen.insert(name.clone()) {
            if !matches!(&*name, "report-uri" | "report-to") {
                return Err(Invalid);
            }
            repeats = true;
        }
        let candidate = |text| Candidate { text, policy: index, keep: index == 0 };
        let mut own: Vec<Candidate<'a>> = words.map(lower).map(candidate).collect();
        if own.is_empty() && name.ends_with("-src") {
            own.push(candidate(Cow::Borrowed("'none'")));
        }
        let sources = directives.entry(name).or_default();
        if index == 0 {
            sources.clear();
        }
        sources.append(&mut own);
        choose(sources)?;
        if index == 0 && is_one_of_several {
            sources.iter_mut().for_each(|source| source.keep = false);
        }
    }
    Ok(repeats)
}

/// Drops what is covered by a shorter source of its policy, and what no later policy has.
fn choose(sources: &mut Vec<Candidate<'_>>) -> Result<(), Invalid> {
    sources.sort_by(|a, b| collate(&a.text, &b.text));
    for index in 1..sources.len() {
        let Some((before, after)) = sources.split_at_mut_checked(index) else { break };
        let (Some(previous), Some(source)) = (before.last(), after.first_mut()) else { break };
        if source.policy == previous.policy {
            source.keep &= !source.text.starts_with(&*previous.text);
        } else if covers_path(&previous.text, &source.text)? {
            source.keep = true;
        }
    }
    sources.retain(|source| source.keep);
    Ok(())
}

/// Whether a source is the same as another one, or a folder above it.
fn covers_path(above: &str, below: &str) -> Result<bool, Invalid> {
    let mut segments: Vec<&str> = above.split('/').collect();
    let others: Vec<&str> = below.split('/').collect();
    let is_folder = above.ends_with('/');
    if segments.len() > others.len() || !is_folder && segments.len() != others.len() {
        return Ok(false);
    }
    if is_folder {
        segments.pop();
    }
    for (one, other) in segments.into_iter().zip(others) {
        if decoded(one)? != decoded(other)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The text with its escapes decoded. What cannot be decoded makes the Observatory give up on the whole.
fn decoded(text: &str) -> Result<Vec<u8>, Invalid> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        if *byte != b'%' {
            decoded.push(*byte);
            continue;
        }
        let mut digit = || char::from(*rest.next()?).to_digit(16);
        let value = digit().zip(digit()).map(|(high, low)| high * 16 + low).ok_or(Invalid)?;
        decoded.push(u8::try_from(value).map_err(|_error| Invalid)?);
    }
    std::str::from_utf8(&decoded).map_err(|_error| Invalid)?;
    Ok(decoded)
}

/// What JavaScript takes for white space.
const fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\u{85}' || c == '\u{FEFF}'
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_space)
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        text.to_lowercase().into()
    } else {
        text.into()
    }
}

/// The order of characters in the collation that the Observatory sorts by: that of the Unicode CLDR root.
const COLLATION: &[u8; 68] =
    b"_-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";

/// For each ASCII character, its place in the order.
const WEIGHTS: [u8; 128] = {
    let mut weights = [0; 128];
    let mut rest: &[u8] = COLLATION;
    let mut weight = 1;
    while let Some((first, more)) = rest.split_first() {
        if let Some((slot, _)) = weights.split_at_mut(*first as usize).1.split_first_mut() {
            *slot = weight;
        }
        weight += 1;
        rest = more;
    }
    weights
};

fn weight(c: char) -> u32 {
    let ascii = u8::try_from(c).ok().and_then(|byte| WEIGHTS.get(usize::from(byte)));
    ascii.map_or(u32::from(c), |weight| u32::from(*weight))
}

fn collate(one: &str, other: &str) -> Ordering {
    one.chars().map(weight).cmp(other.chars().map(weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(policies: &[&str]) -> Option<String> {
        let merged = Merged::of(policies).ok()?;
        Some(merged.get("script-src").unwrap_or_default().join(" "))
    }

    #[test]
    fn the_order_is_that_of_the_collation() {
        let mut texts = ["https:", "*", "'self'", "data:", "a.b", "a-b", "ab", "https://a"];
        texts.sort_by(|a, b| collate(a, b));
        assert_eq!(texts, ["'self'", "*", "a-b", "a.b", "ab", "data:", "https:", "https://a"]);
    }

    #[test]
    fn later_policies_leave_what_they_share() {
        assert_eq!(merged(&["script-src a b"]).as_deref(), Some("a b"));
        assert_eq!(merged(&["script-src a b", "script-src b"]).as_deref(), Some("b"));
        assert_eq!(merged(&["script-src a", "script-src b"]).as_deref(), Some("'none'"));
        assert_eq!(merged(&["img-src x", "script-src b"]).as_deref(), Some("'none'"));
        assert_eq!(merged(&["script-src a/%", "script-src a/%"]), None);
    }
}
