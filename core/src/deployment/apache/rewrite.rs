//! `Redirect` (mod_alias) and `RewriteRule` (mod_rewrite), as far as they decide who answers.

use crate::configuration::Pattern;
use crate::deployment::directive::Directive;
use crate::text::Span;

/// `Redirect` or `RedirectMatch`.
#[derive(Debug)]
pub(super) struct Redirect {
    pub(super) status: u16,
    pub(super) source: Source,
}

#[derive(Debug)]
pub(super) enum Source {
    /// A path, and all below it.
    Path(String),
    Pattern(Pattern),
    /// Whatever the section around is for.
    Everything,
}

/// What mod_rewrite is told in one place.
#[derive(Debug, Default)]
pub(super) struct Rewrite {
    pub(super) is_on: bool,
    pub(super) rules: Vec<Rule>,
    conditions: Vec<Condition>,
}

/// A `RewriteRule` with its conditions.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) conditions: Vec<Condition>,
    pub(super) is_negative: bool,
    pub(super) pattern: Pattern,
    pub(super) to: String,
    pub(super) flags: Vec<String>,
    pub(super) at: Span,
}

/// A `RewriteCond`.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    pub(super) text: String,
    pub(super) is_negative: bool,
    pub(super) ignores_case: bool,
    pub(super) is_or: bool,
    pub(super) pattern: String,
}

impl Redirect {
    pub(super) fn new(directive: &Directive) -> Option<Self> {
        let (first, second) = (directive.argument(0), directive.argument(1));
        let (status, source) = match directive.name.text.as_str() {
            "redirectpermanent" => (301, Source::Path(first.to_owned())),
            "redirecttemp" => (302, Source::Path(first.to_owned())),
            "redirect" | "redirectmatch" => {
                let status = status(first);
                let from = if status.is_some() { second } else { first };
                (status.unwrap_or(302), source(directive, from))
            }
            _ => return None,
        };
        Some(Self { status, source })
    }
}

fn source(directive: &Directive, from: &str) -> Source {
    if directive.is("redirectmatch") {
        Source::Pattern(Pattern::new(from, false))
    } else if from.starts_with('/') && directive.arguments.len() > 1 {
        Source::Path(from.to_owned())
    } else {
        Source::Everything
    }
}

/// A status by its number or its name.
fn status(word: &str) -> Option<u16> {
    match word {
        "permanent" => Some(301),
        "temp" => Some(302),
        "seeother" => Some(303),
        "gone" => Some(410),
        _ => word.parse().ok(),
    }
}

impl Rewrite {
    pub(super) fn take(&mut self, directive: &Directive) {
        let word = |index: usize| directive.argument(index).to_owned();
        match directive.name.text.as_str() {
            "rewriteengine" => self.is_on = directive.argument(0).eq_ignore_ascii_case("on"),
            "rewritecond" => {
                let flags = flags(directive.argument(2));
                let (pattern, is_negative) = without_bang(directive.argument(1));
                self.conditions.push(Condition {
                    text: word(0),
                    is_negative,
                    ignores_case: has(&flags, "NC", "nocase"),
                    is_or: has(&flags, "OR", "ornext"),
                    pattern,
                });
            }
            "rewriterule" => {
                let flags = flags(directive.argument(2));
                let (pattern, is_negative) = without_bang(directive.argument(0));
                let pattern = Pattern::new(&pattern, has(&flags, "NC", "nocase"));
                let conditions = std::mem::take(&mut self.conditions);
                let (to, at) = (word(1), directive.span());
                self.rules.push(Rule { conditions, is_negative, pattern, to, flags, at });
            }
            _ => {}
        }
    }
}

impl Condition {
    /// Whether its pattern is in a text; `None` if nobody can say.
    pub(super) fn matches(&self, text: &str) -> Option<bool> {
        let pattern = self.pattern.as_str();
        if let Some(other) = pattern.strip_prefix('=') {
            let other = other.trim_matches('"');
            return Some(match self.ignores_case {
                true => text.eq_ignore_ascii_case(other),
                false => text == other,
            });
        }
        let compares = pattern.starts_with(['<', '>', '-']);
        Pattern::new(pattern, self.ignores_case).is_match(text).filter(|_| !compares)
    }
}

fn without_bang(text: &str) -> (String, bool) {
    let plain = text.strip_prefix('!');
    (plain.unwrap_or(text).to_owned(), plain.is_some())
}

pub(super) fn flags(text: &str) -> Vec<String> {
    let inner = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or_default();
    inner.split(',').map(|flag| flag.trim().to_owned()).filter(|flag| !flag.is_empty()).collect()
}

fn has(flags: &[String], short: &str, long: &str) -> bool {
    flags.iter().any(|flag| flag.eq_ignore_ascii_case(short) || flag.eq_ignore_ascii_case(long))
}

/// What a rule does with a request that it matches.
pub(super) enum Outcome {
    /// The server answers with this status.
    Status(u16),
    /// Another server or a program answers.
    Application,
    /// The path goes on as this one.
    Path,
}

impl Rule {
    pub(super) fn outcome(&self) -> Outcome {
        if self.has("F", "forbidden") {
            return Outcome::Status(403);
        }
        if self.has("G", "gone") {
            return Outcome::Status(410);
        }
        if self.has("P", "proxy") {
            return Outcome::Application;
        }
        let redirect = self.flags.iter().find_map(|flag| {
            let (name, code) = flag.split_once('=').unwrap_or((flag, "302"));
            let is_it = name.eq_ignore_ascii_case("R") || name.eq_ignore_ascii_case("redirect");
            is_it.then(|| status(code).unwrap_or(302))
        });
        match redirect {
            Some(status) => Outcome::Status(status),
            None if self.to.contains("://") => Outcome::Status(302),
            None => Outcome::Path,
        }
    }

    /// The variables that it sets: `E=NAME:value`.
    pub(super) fn sets(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self
            .flags
            .iter()
            .filter_map(|flag| flag.strip_prefix("E=").or_else(|| flag.strip_prefix("env=")));
        texts.map(|text| text.split_once(':').unwrap_or((text, "")))
    }

    pub(super) fn has(&self, short: &str, long: &str) -> bool {
        has(&self.flags, short, long)
    }

    /// The rules that are chained to one that does not match are not looked at.
    pub(super) fn skip_chain<'r>(&self, rules: &mut impl Iterator<Item = &'r Self>) {
        let mut is_chained = self.has("C", "chain");
        while is_chained {
            is_chained = rules.next().is_some_and(|next| next.has("C", "chain"));
        }
    }

    /// How many rules after it are not looked at: `S=2`.
    pub(super) fn skips(&self) -> usize {
        let number = |flag: &String| {
            let (name, number) = flag.split_once('=')?;
            let is_it = name.eq_ignore_ascii_case("S") || name.eq_ignore_ascii_case("skip");
            number.parse().ok().filter(|_| is_it)
        };
        self.flags.iter().find_map(number).unwrap_or(0)
    }

    /// Whether no rule after it is looked at.
    pub(super) fn is_last(&self) -> bool {
        self.has("L", "last") || self.has("END", "END")
    }
}
