//! What inline texts do, each read once: theme switches, analytics and style sheets stand in every page of a site.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::address::SiteOrigin;
use super::css;
use super::digest::sha256;
use super::javascript::{self, Goal, Use};
use super::model::Mistake;

/// How many bytes of text are remembered of each kind before all are forgotten: the pages of a site are read side by side,
/// so what stands in the last ones will stand in the next.
const MOST_BYTES: usize = 32 << 20;

/// A text that was read.
#[derive(Debug)]
pub(super) struct Read<T> {
    /// Its hash, `sha256-…`.
    pub(super) hash: String,
    /// What was found in it.
    pub(super) found: T,
}

/// What a script does, or why it could not be read.
pub(super) type ScriptUses = Result<Vec<Use>, Mistake>;

/// The inline texts of the pages of one site, read on as many threads as there are.
#[derive(Debug)]
pub(super) struct Memo {
    /// What scripts see in `location.origin`.
    origin: String,
    classic: Texts<ScriptUses>,
    modules: Texts<ScriptUses>,
    style_sheets: Texts<Vec<css::Reference>>,
}

impl Memo {
    /// Remembers nothing yet of a site of this origin.
    pub(super) fn new(origin: &SiteOrigin) -> Self {
        Self {
            origin: origin.as_scripts_see_it(),
            classic: Texts::default(),
            modules: Texts::default(),
            style_sheets: Texts::default(),
        }
    }

    /// What an inline script does.
    pub(super) fn script(&self, text: &str, goal: Goal) -> Arc<Read<ScriptUses>> {
        let texts = if goal == Goal::Module { &self.modules } else { &self.classic };
        texts.get(text, || javascript::read(text, goal, &self.origin))
    }

    /// What an inline style sheet loads.
    pub(super) fn style_sheet(&self, text: &str) -> Arc<Read<Vec<css::Reference>>> {
        self.style_sheets.get(text, || css::references(text))
    }
}

/// Texts of one kind.
#[derive(Debug)]
struct Texts<T>(Mutex<Known<T>>);

#[derive(Debug)]
struct Known<T> {
    bytes: usize,
    texts: HashMap<Box<str>, Arc<Read<T>>>,
}

impl<T> Default for Texts<T> {
    fn default() -> Self {
        Self(Mutex::new(Known { bytes: 0, texts: HashMap::new() }))
    }
}

impl<T> Texts<T> {
    /// What was found in a text, now or before. Two threads may read the same one at the same time, and find the same.
    fn get(&self, text: &str, read: impl FnOnce() -> T) -> Arc<Read<T>> {
        if let Some(known) = self.known().texts.get(text) {
            return Arc::clone(known);
        }
        let fresh = Arc::new(Read { hash: sha256(text), found: read() });
        let mut known = self.known();
        if known.bytes + text.len() > MOST_BYTES {
            *known = Known { bytes: 0, texts: HashMap::new() };
        }
        if known.texts.insert(Box::from(text), Arc::clone(&fresh)).is_none() {
            known.bytes += text.len();
        }
        fresh
    }

    fn known(&self) -> MutexGuard<'_, Known<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{Reader, read_page};

    #[test]
    fn what_is_remembered_is_what_would_be_read() {
        let code = "<script>fetch('a');eval(b)</script><script type=module>import './a.js';fetch('a')</script>\
                    <script>import './a.js'</script><p onclick=\"fetch('a')\"><style>@import 'a.css';b{c:url(d)}</style>";
        let pages = [
            ("/a.html", code.to_owned()),
            ("/b/c.html", format!("<base href=/d/>\n{code}")),
            (
                "/e.html",
                format!("<p>\u{e9}\n{code}<iframe srcdoc='{}'>", code.replace('\'', "&apos;")),
            ),
        ];
        let reader = Reader::new(SiteOrigin::unknown());
        for (path, html) in pages.iter().chain(&pages) {
            let alone = read_page(path, html.as_bytes(), &SiteOrigin::unknown());
            assert_eq!(reader.page(path, html.as_bytes()), alone, "{path}");
        }
    }

    #[test]
    fn what_is_remembered_has_a_limit() {
        let texts = Texts::<usize>::default();
        let block = "a".repeat(MOST_BYTES / 4);
        for number in 0..10 {
            let text = format!("{number}{block}");
            assert_eq!(texts.get(&text, || number).found, number);
            assert_eq!(texts.get(&text, || usize::MAX).found, number);
            let known = texts.known();
            assert!(known.bytes <= MOST_BYTES, "{}", known.bytes);
            assert_eq!(known.texts.keys().map(|text| text.len()).sum::<usize>(), known.bytes);
        }
    }
}
