//! The known word that was meant.

use crate::csp::{Directive, Keyword, Status};

/// How many letters a slip of the pen gets wrong.
const MAX_EDITS: usize = 2;
/// The longest word worth comparing.
const MAX_LENGTH: usize = 40;

/// The directive that differs from `written` by the fewest letters, if that is few.
pub(super) fn directive(written: &str) -> Option<&'static str> {
    let in_use = Directive::all()
        .filter(|directive| !matches!(directive.status(), Status::Removed | Status::Unshipped));
    nearest(written, in_use.map(Directive::as_str))
}

/// The keyword, in its quotes, whose name differs from `unquoted` by the fewest letters, if that is few.
pub(super) fn keyword(unquoted: &str) -> Option<&'static str> {
    let quoted = || Keyword::all().map(Keyword::as_str).chain(["'none'"]);
    let bare = |quoted: &'static str| quoted.trim_matches('\'');
    let name = nearest(unquoted, quoted().map(bare))?;
    quoted().find(|quoted| bare(quoted) == name)
}

fn nearest(written: &str, words: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    if written.len() > MAX_LENGTH {
        return None;
    }
    let lower = written.to_ascii_lowercase();
    // Names of another length are too far anyway, and need no table.
    let near = words.filter(|name| name.len().abs_diff(written.len()) <= MAX_EDITS);
    let distances = near.map(|name| (strsim::damerau_levenshtein(&lower, name), name));
    let (edits, name) = distances.min_by_key(|(edits, _)| *edits)?;
    (edits <= MAX_EDITS && edits * 3 < name.len()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_understood() {
        assert_eq!(directive("defaut-src"), Some("default-src"));
        assert_eq!(directive("Img_src"), Some("img-src"));
        assert_eq!(directive("foo"), None);
        assert_eq!(keyword("slef"), Some("'self'"));
        assert_eq!(keyword("unsafe-inlin"), Some("'unsafe-inline'"));
        assert_eq!(keyword("allow"), None);
    }
}
