//! Hosts of files: blocks of headers by the pattern of a path. Every block counts whose pattern matches, in order.

use std::collections::BTreeSet;

use super::{Answer, Located};
use crate::configuration::{
    Asked, Loss, Lost, Note, Pattern, Place, Sent, decoded, escaped, normalized,
};
use crate::plan::Scheme;
use crate::text::Span;

/// What no part of a path is; stands for what a pattern leaves open.
const SOME_NAME: &str = "\u{FFFD}";

/// How many blocks are compared with each other for all places together.
const WORK: usize = 1_000_000;

/// The blocks of a file.
#[derive(Debug, Default)]
pub(super) struct Hosted {
    pub(super) blocks: Vec<Block>,
    /// Whether the file takes headers of earlier blocks away before it sets them, as Cloudflare asks for: there, blocks join
    /// what they say of one header. Elsewhere the last block wins.
    pub(super) joins: bool,
}

/// A pattern, and what is said of headers there.
#[derive(Debug)]
pub(super) struct Block {
    /// The pattern as it was written.
    pub(super) name: String,
    pub(super) pattern: Vec<Token>,
    pub(super) changes: Vec<Change>,
    /// A condition on more than the path.
    pub(super) condition: Option<&'static str>,
    pub(super) at: Span,
}

/// A part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Text(String),
    /// What this regular expression takes.
    Open(String),
}

/// A header; without a value, what earlier blocks say of it does not count.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) name: String,
    pub(super) value: Option<String>,
    pub(super) at: Span,
    pub(super) offset: Option<usize>,
}

impl Hosted {
    /// What is sent from the paths of each block.
    pub(super) fn places(&self) -> Vec<Place> {
        let patterns = self.patterns();
        let most = WORK / self.blocks.len().max(1);
        let place = |block: &Block| {
            let path = block.some_path();
            // Where only other paths than this one match, the block itself still does.
            let is_it = |other: &Block| std::ptr::eq(other, block);
            self.place(
                block.name.clone(),
                |other, pattern| is_it(other) || pattern.is_match(&path) == Some(true),
                &patterns,
            )
        };
        let mut places: Vec<Place> = self.blocks.iter().take(most).map(place).collect();
        if let Some(first) = self.blocks.get(most) {
            let text = "more blocks than can be listed: ask for paths".to_owned();
            let notes = vec![Note { text, at: first.at }];
            places.push(Place { name: "…".to_owned(), notes, ..Place::default() });
        }
        places
    }

    /// What is sent for a path. Hosts of files answer over HTTPS.
    pub(super) fn asked(&self, asked: &Asked<'_>) -> Vec<Place> {
        let Some(path) = normalized(asked.path).filter(|_| asked.scheme == Scheme::Https) else {
            return Vec::new();
        };
        let covers = |_: &Block, pattern: &Pattern| pattern.is_match(&path) == Some(true);
        let mut place = self.place(asked.path.to_owned(), covers, &self.patterns());
        place.statuses = vec![asked.status];
        vec![place]
    }

    fn patterns(&self) -> Vec<Pattern> {
        self.blocks.iter().map(|block| Pattern::new(&block.regex(), false)).collect()
    }

    fn place(
        &self,
        name: String,
        covers: impl Fn(&Block, &Pattern) -> bool,
        patterns: &[Pattern],
    ) -> Place {
        let mut place = Place { site: "https://*".to_owned(), name, ..Place::default() };
        for (block, pattern) in self.blocks.iter().zip(patterns) {
            if covers(block, pattern) {
                block.apply(&mut place, self.joins);
            }
        }
        place
    }

    /// The blocks as responses of their own.
    pub(super) fn answers(&self) -> Vec<Answer> {
        let fields = |block: &Block| {
            let set = block.changes.iter().filter_map(|change| {
                Some(Located::header(&change.name, change.value.as_deref()?, change.offset))
            });
            set.collect()
        };
        let answer = |block: &Block| Answer {
            name: Some(block.name.clone()),
            fields: fields(block),
            ..Answer::default()
        };
        self.blocks.iter().map(answer).collect()
    }
}

impl Block {
    fn regex(&self) -> String {
        let mut regex = "^".to_owned();
        for token in &self.pattern {
            match token {
                Token::Open(expression) => regex.push_str(expression),
                Token::Text(text) => regex.push_str(&escaped(text)),
            }
        }
        regex + "$"
    }

    fn some_path(&self) -> String {
        let part = |token: &Token| match token {
            Token::Text(text) => text.clone(),
            Token::Open(_) => SOME_NAME.to_owned(),
        };
        self.pattern.iter().map(part).collect()
    }

    fn apply(&self, place: &mut Place, joins: bool) {
        if let Some(condition) = self.condition {
            let text = format!("`{}` has {condition}", self.name);
            place.notes.push(Note { text, at: self.at });
        }
        // Lines of one block are joined.
        let mut own = BTreeSet::new();
        for change in &self.changes {
            let key = change.name.to_ascii_lowercase();
            let Some(value) = &change.value else {
                remove(place, change, Loss::Removed);
                continue;
            };
            let is_it = |sent: &Sent| sent.name.eq_ignore_ascii_case(&change.name);
            let joined = own.contains(&key) || joins;
            if let Some(sent) = place.sent.iter_mut().find(|sent| is_it(sent)).filter(|_| joined) {
                sent.value = format!("{}, {value}", sent.value);
                sent.offset = None;
                continue;
            }
            remove(place, change, Loss::Replaced);
            own.insert(key);
            place.sent.push(Sent {
                name: change.name.clone(),
                value: value.clone(),
                variables: Vec::new(),
                at: change.at,
                offset: change.offset,
                is_certain: self.condition.is_none(),
                table: None,
            });
        }
    }
}

fn remove(place: &mut Place, change: &Change, why: Loss) {
    let is_it = |sent: &mut Sent| sent.name.eq_ignore_ascii_case(&change.name);
    let removed: Vec<Sent> = place.sent.extract_if(.., is_it).collect();
    let by = Some(change.at);
    let other = removed.into_iter().filter(|sent| Some(&sent.value) != change.value.as_ref());
    place.lost.extend(other.map(|sent| Lost { name: sent.name, at: sent.at, by, why }));
}

/// A part of a pattern that is a text, with percent-encoded bytes decoded, as paths are compared.
pub(super) fn text_of(written: &str) -> Token {
    Token::Text(decoded(written).unwrap_or_else(|| written.to_owned()))
}
