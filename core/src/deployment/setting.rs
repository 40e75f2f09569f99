//! Policies among the settings of a server or a program: `add_header Content-Security-Policy "…" always;`,
//! `Header set Content-Security-Policy "…"`, `"Content-Security-Policy": "…"` and their like.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while, take_while_m_n, take_while1};
use nom::character::complete::{char, one_of, satisfy};
use nom::combinator::{consumed, map_opt, opt, peek, value};
use nom::multi::fold_many0;
use nom::sequence::{preceded, terminated};
use nom::{IResult, Parser};

use super::{Answer, Located, ReadError};
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

/// What strings stand in.
const QUOTES: &[char] = &['"', '\'', '`'];

/// The header whose name begins at an offset, if a value follows.
fn setting(text: &str, at: usize) -> Option<Located> {
    let (after, name) = name(text.get(at..)?).ok()?;
    delivery_of(name)?;
    let (rest, ()) = between(after).ok()?;
    if rest.starts_with(QUOTES) {
        let (_, (written, value)) = string(rest).ok()?;
        // Where something in it is escaped, it does not stand in the text as it is.
        let offset = (written == value).then_some(text.len() - rest.len() + 1);
        return Some(located(name, value, offset));
    }
    // Without quotes a value goes to the end of its line, as in YAML.
    after.starts_with(':').then(|| unquoted(text, at, name, text.len() - after.len() + 1))
}

fn located(name: &str, text: String, offset: Option<usize>) -> Located {
    let delivery = delivery_of(name);
    Located { name: name.to_owned(), delivery, text, offset, written: None, is_open: false }
}

/// A header's name, perhaps before the quote that ends a string.
fn name(text: &str) -> IResult<&str, &str> {
    let letters = take_while1(|c: char| c.is_ascii_alphanumeric() || c == '-');
    terminated(letters, opt(one_of(QUOTES))).parse(text)
}

/// The white space and punctuation between a name and its value, and the key of the value.
fn between(text: &str) -> IResult<&str, ()> {
    let marks = || take_while(|c: char| " \t\r\n,:=>(".contains(c));
    let key = alt((tag("value"), tag("\"value\""), tag("'value'")));
    let key_of_string = terminated((key, marks()), peek(one_of(QUOTES)));
    value((), (marks(), opt(key_of_string))).parse(text)
}

/// A string: what stands between its quotes, and what that says.
fn string(text: &str) -> IResult<&str, (&str, String)> {
    let (rest, quote) = one_of(QUOTES).parse(text)?;
    let character = alt((preceded(char('\\'), escape), satisfy(|c| c != quote && c != '\\')));
    let said = fold_many0(character, String::new, |mut said, c| {
        said.push(c);
        said
    });
    terminated(consumed(said), char(quote)).parse(rest)
}

/// What a backslash and the characters after it stand for, as in JSON and JavaScript.
fn escape(text: &str) -> IResult<&str, char> {
    let digits = take_while_m_n(4, 4, |c: char| c.is_ascii_hexdigit());
    let code = map_opt(digits, |digits| char::from_u32(u32::from_str_radix(digits, 16).ok()?));
    alt((
        value('\n', char('n')),
        value('\r', char('r')),
        value('\t', char('t')),
        preceded(char('u'), code),
        satisfy(|c| c != 'u'),
    ))
    .parse(text)
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
    let (value, skipped) = unwrapped(text.get(start..end).unwrap_or_default());
    located(name, value.to_owned(), Some(start + skipped))
}

/// A value without what YAML or a programming language puts around it, and how much was before it.
pub(super) fn unwrapped(text: &str) -> (&str, usize) {
    let start = text.len() - text.trim_start().len();
    let mut value = text.trim();
    let mut skipped = start;
    for mark in [">-", "|-", ">", "|"] {
        if let Some(rest) = value.strip_prefix(mark)
            && rest.starts_with(['\n', '\r'])
        {
            skipped += mark.len();
            value = rest;
            break;
        }
    }
    let quoted = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    if let Some(inner) = quoted.filter(|inner| !inner.contains('"')) {
        skipped += 1;
        value = inner;
    }
    (value, skipped)
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
