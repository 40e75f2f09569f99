//! Names that stand in no policy, for questions that only what is wide allows.

use std::collections::BTreeSet;

use crate::enforce::EnforcedPolicy;

/// What no policy mentions.
pub(super) struct Fresh {
    /// A word.
    pub(super) word: String,
    /// A host, which no wildcard covers but `*`.
    pub(super) host: String,
    /// A port.
    pub(super) port: u16,
}

impl Fresh {
    pub(super) fn new(sides: [&[EnforcedPolicy<'_>]; 2]) -> Self {
        let mut text = String::new();
        for policy in sides.into_iter().flatten() {
            text.push_str(&policy.policy.to_string());
            text.push(' ');
        }
        let text = text.to_ascii_lowercase();
        let unused = |candidate: &String| !text.contains(candidate.as_str());
        let word = "anything".to_owned();
        let word = if unused(&word) { word } else { numbered_word(&text) };
        let mut top_level = ["example", "test", "invalid"].into_iter();
        let top_level = top_level.find(|name| unused(&format!("*.{name}"))).unwrap_or("localhost");
        let used = numbers_after(&text, ":");
        let mut ports = FIRST_PORT..=u16::MAX;
        let port = ports.find(|port| !used.contains(&u32::from(*port))).unwrap_or_default();
        Self { host: format!("{word}.{top_level}"), word, port }
    }

    /// A file of this kind.
    pub(super) fn file(&self, extension: &str) -> String {
        format!("{}.{extension}", self.word)
    }
}

/// The least port that is tried.
const FIRST_PORT: u16 = 8443;

/// The first of the words `any2`, `any3`, … that is no part of the text.
fn numbered_word(text: &str) -> String {
    let used = numbers_after(text, "any");
    let number = (2..).find(|number| !used.contains(number)).unwrap_or_default();
    format!("any{number}")
}

/// The numbers that stand after a word, and those that they begin with.
fn numbers_after(text: &str, word: &str) -> BTreeSet<u32> {
    // Nine digits are a number of 32 bits, and more numbers than are in any text.
    let digits = |rest: &str| {
        rest.bytes().take(9).map_while(|byte| char::from(byte).to_digit(10)).collect::<Vec<_>>()
    };
    let numbers = text.split(word).skip(1).flat_map(|rest| {
        let add = |number: &mut u32, digit| {
            *number = *number * 10 + digit;
            Some(*number)
        };
        digits(rest).into_iter().scan(0, add)
    });
    numbers.collect()
}
