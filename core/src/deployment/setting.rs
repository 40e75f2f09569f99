//! Policies among the settings of a server or a program: `add_header Content-Security-Policy "…" always;`,
//! `Header set Content-Security-Policy "…"`, `"Content-Security-Policy": "…"` and their like.

use super::{Answer, Located, ReadError, policy};
use crate::response::delivery_of;

const NAME: &str = "content-security-policy";

/// Whether a text names the header at all.
pub(super) fn names_policy(text: &str) -> bool {
    places(text).next().is_some()
}

/// Each place that sets the header to a value is a response of its own.
pub(super) fn read(name: &str, text: &str) -> Result<Vec<Answer>, ReadError> {
    let answers: Vec<Answer> =
        places(text).filter_map(|at| setting(text, at)).map(Answer::of_field).collect();
    if answers.is_empty() {
        return Err(ReadError::NoPolicy(name.to_owned()));
    }
    Ok(answers)
}

/// Offsets at which the header's name begins.
fn places(text: &str) -> impl Iterator<Item = usize> {
    let is_name = |at: &usize| {
        let found = text.get(*at..*at + NAME.len());
        found.is_some_and(|found| found.eq_ignore_ascii_case(NAME))
    };
    memchr::memchr2_iter(b'c', b'C', text.as_bytes()).filter(is_name)
}

/// The header whose name begins at an offset, if a value follows.
fn setting(text: &str, at: usize) -> Option<Located> {
    let rest = text.get(at..)?;
    let length =
        rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
    let (name, rest) = rest.split_at_checked(length)?;
    delivery_of(name)?;
    let after = rest.strip_prefix(['"', '\'', '`']).unwrap_or(rest);
    let value = between(after);
    let start = text.len() - value.len();
    if let Some(quote) = value.chars().next().filter(|first| ['"', '\'', '`'].contains(first)) {
        return quoted(name, value.get(1..)?, quote, start + 1);
    }
    // Without quotes a value goes to the end of its line, as in YAML.
    after.starts_with(':').then(|| unquoted(text, at, name, text.len() - after.len() + 1))
}

/// What follows the white space and punctuation between a name and its value, and the key of the value.
fn between(text: &str) -> &str {
    let skip = |text: &str| {
        text.trim_start_matches([' ', '\t', '\r', '\n', ',', ':', '=', '>', '(']).len()
    };
    let rest = text.get(text.len() - skip(text)..).unwrap_or_default();
    let key = ["value", "\"value\"", "'value'"].into_iter().find_map(|key| rest.strip_prefix(key));
    let value = key.map(|rest| rest.get(rest.len() - skip(rest)..).unwrap_or_default());
    value.filter(|value| value.starts_with(['"', '\'', '`'])).unwrap_or(rest)
}

/// The value up to its closing quote. Where something in it is escaped, it does not stand in the text as it is.
fn quoted(name: &str, text: &str, quote: char, start: usize) -> Option<Located> {
    let mut value = String::new();
    let mut characters = text.chars();
    let mut is_escaped = false;
    loop {
        match characters.next()? {
            end if end == quote => break,
            '\\' => {
                is_escaped = true;
                value.push(escaped(&mut characters)?);
            }
            other => value.push(other),
        }
    }
    let offset = (!is_escaped).then_some(start);
    let (name, delivery) = (name.to_owned(), delivery_of(name));
    Some(Located { name, delivery, text: value, offset, written: None })
}

/// What a backslash and the characters after it stand for, as in JSON and JavaScript.
fn escaped(characters: &mut std::str::Chars<'_>) -> Option<char> {
    Some(match characters.next()? {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => {
            let digits: String = characters.by_ref().take(4).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)?
        }
        other => other,
    })
}

/// The rest of the line, and the lines below that are further in than the name.
fn unquoted(text: &str, name_at: usize, name: &str, start: usize) -> Located {
    let line_start =
        text.get(..name_at).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let depth = text.get(line_start..name_at).map_or(0, indentation);
    let rest = text.get(start..).unwrap_or_default();
    let mut lines = rest.split_inclusive('\n');
    let mut end = start + lines.next().map_or(0, str::len);
    for line in lines.take_while(|line| !line.trim().is_empty() && indentation(line) > depth) {
        end += line.len();
    }
    let (value, skipped) = policy::unwrapped(text.get(start..end).unwrap_or_default());
    let offset = Some(start + skipped);
    let (name, delivery, text) = (name.to_owned(), delivery_of(name), value.to_owned());
    Located { name, delivery, text, offset, written: None }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policies(text: &str) -> Vec<(String, bool)> {
        let answers = read("-", text).unwrap_or_default();
        let fields = answers.into_iter().flat_map(|answer| answer.fields);
        let read = fields.map(|field| {
            let start = field.offset;
            assert!(
                start.is_none_or(|at| text.get(at..at + field.text.len()) == Some(&field.text))
            );
            (field.text.trim().to_owned(), start.is_some())
        });
        read.collect()
    }

    #[test]
    fn settings_of_many_kinds_are_understood() {
        for text in [
            "add_header Content-Security-Policy \"img-src 'self'\" always;",
            "Header always set Content-Security-Policy \"img-src 'self'\"",
            "http-response set-header content-security-policy \"img-src 'self'\"",
            "response.setHeader('Content-Security-Policy', \"img-src 'self'\");",
            "{ key: 'Content-Security-Policy', value: `img-src 'self'` }",
            "{\"name\": \"Content-Security-Policy\", \"value\": \"img-src 'self'\"}",
            "headers:\n  Content-Security-Policy: >-\n    img-src 'self'\n  X-Frame-Options: DENY\n",
            "a:\n  Content-Security-Policy: img-src 'self'\n",
        ] {
            assert_eq!(policies(text), [("img-src 'self'".to_owned(), true)], "{text}");
        }
        let json = r#"{"Content-Security-Policy": "img-src \u0027self\u0027; font-src \"a\""}"#;
        assert_eq!(policies(json), [("img-src 'self'; font-src \"a\"".to_owned(), false)]);
        assert_eq!(policies("# about Content-Security-Policy and more").len(), 0);
    }
}
