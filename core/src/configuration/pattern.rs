//! Regular expressions as servers write them, in PCRE's language.

use std::borrow::Cow;
use std::sync::OnceLock;

use fancy_regex::{Regex, RegexBuilder};

/// How many steps back a match may take before it is given up, so that no expression takes long.
const STEPS: usize = 20_000;

/// A regular expression, compiled when it is first asked.
#[derive(Clone, Debug)]
pub struct Pattern {
    text: String,
    ignores_case: bool,
    compiled: OnceLock<Option<Regex>>,
}

/// What the groups of an expression took in, the whole match first.
pub type Captures = Vec<Option<String>>;

impl Pattern {
    /// The expression of this text.
    ///
    /// ```
    /// use cspc_core::configuration::Pattern;
    /// assert_eq!(Pattern::new(r"\.(js|css)$", false).is_match("/a.js"), Some(true));
    /// assert_eq!(Pattern::new("(", false).is_match("/a.js"), None);
    /// ```
    pub fn new(text: &str, ignores_case: bool) -> Self {
        Self { text: text.to_owned(), ignores_case, compiled: OnceLock::new() }
    }

    /// The expression as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it matches somewhere in a text; `None` if nobody can say.
    pub fn is_match(&self, text: &str) -> Option<bool> {
        self.regex()?.is_match(text).ok()
    }

    /// What its groups take in; the outer `None` if nobody can say, the inner one if it does not match.
    pub fn captures(&self, text: &str) -> Option<Option<Captures>> {
        let found = self.regex()?.captures(text).ok()?;
        Some(found.map(|found| groups(&found)))
    }

    /// The text with the first match, or each, replaced by what `by` makes of its groups; `None` if nobody can say.
    ///
    /// ```
    /// use cspc_core::configuration::Pattern;
    /// let pattern = Pattern::new("b.", false);
    /// let replaced = pattern.replaced("abcabd", false, |groups| format!("[{:?}]", groups[0]));
    /// assert_eq!(replaced.as_deref(), Some(r#"a[Some("bc")]abd"#));
    /// ```
    pub fn replaced(
        &self,
        text: &str,
        is_global: bool,
        by: impl Fn(&Captures) -> String,
    ) -> Option<String> {
        let replace = |found: &fancy_regex::Captures<'_>| by(&groups(found));
        let replaced = self.regex()?.try_replacen(text, usize::from(!is_global), replace);
        replaced.ok().map(Cow::into_owned)
    }

    /// The names of its groups, by number.
    pub fn names(&self) -> Vec<Option<String>> {
        let named = |regex: &Regex| {
            regex.capture_names().map(|name| name.map(str::to_owned)).collect::<Vec<_>>()
        };
        self.regex().map(named).unwrap_or_default()
    }

    fn regex(&self) -> Option<&Regex> {
        let compile = || {
            // PCRE's `$` is also before a line feed at the end, which no path that is asked for here has.
            let text =
                if self.ignores_case { format!("(?i){}", self.text) } else { self.text.clone() };
            RegexBuilder::new(&text).backtrack_limit(STEPS).build().ok()
        };
        self.compiled.get_or_init(compile).as_ref()
    }
}

/// The expression that takes just this text.
pub(crate) fn escaped(text: &str) -> String {
    let mut expression = String::with_capacity(text.len());
    for c in text.chars() {
        expression.extend(c.is_ascii_punctuation().then_some('\\'));
        expression.push(c);
    }
    expression
}

fn groups(found: &fancy_regex::Captures<'_>) -> Captures {
    found.iter().map(|group| group.map(|group| group.as_str().to_owned())).collect()
}
