//! `srcset` attributes.

/// The URLs of a `srcset` (HTML, "parse a srcset attribute"), descriptors left out.
pub(super) fn urls(srcset: &str) -> impl Iterator<Item = &str> {
    let mut rest = srcset;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(|c: char| c == ',' || c.is_ascii_whitespace());
        if rest.is_empty() {
            return None;
        }
        let (url, after) = split_before(rest, |c| c.is_ascii_whitespace());
        let bare = url.trim_end_matches(',');
        // Without a comma at its end, descriptors follow, up to the next comma outside parentheses.
        rest = if bare.len() == url.len() { skip_descriptors(after) } else { after };
        Some(bare)
    })
}

fn split_before(text: &str, stop: impl FnMut(char) -> bool) -> (&str, &str) {
    text.find(stop).and_then(|at| text.split_at_checked(at)).unwrap_or((text, ""))
}

fn skip_descriptors(text: &str) -> &str {
    let mut in_parentheses = false;
    split_before(text, |c| {
        in_parentheses = if in_parentheses { c != ')' } else { c == '(' };
        c == ',' && !in_parentheses
    })
    .1
}

#[cfg(test)]
mod tests {
    use super::urls;

    #[test]
    fn urls_may_hold_commas_and_descriptors_too() {
        let all = |srcset| urls(srcset).collect::<Vec<_>>();
        assert_eq!(all("a.png, b.png 2x,c.png 100w"), ["a.png", "b.png", "c.png"]);
        assert_eq!(
            all(" ,data:image/png;base64,AA 1x , d(1,2) x(1,2), e"),
            ["data:image/png;base64,AA", "d(1,2)", "e"]
        );
        assert_eq!(all(" , "), [""; 0]);
    }
}
