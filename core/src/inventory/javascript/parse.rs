//! From the text of a script to what it does.

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser};
use oxc_semantic::SemanticBuilder;
use oxc_span::SourceType;

use super::{Goal, Use, nesting, sinks};
use crate::inventory::address::unread;
use crate::inventory::model::Mistake;

/// A script that is nested deeper than this is not read. In WebAssembly, no stack can be made for it: browsers have 1 MB,
/// which is used up at 6,800 of these at the earliest; of 4,100 scripts of real sites, eight have between 900 and 2,200.
const MAX_DEPTH: usize = if cfg!(target_family = "wasm") { 3000 } else { 100_000 };
/// The most stack that the parser and the scope analysis take for each unit of [`nesting::depth`], in bytes.
const STACK_PER_DEPTH: usize = if cfg!(debug_assertions) { 2048 } else { 768 };
const STACK_AT_LEAST: usize = 256 << 10;
/// A longer script is not read: no page that people wait for has one.
const MAX_LENGTH: usize = 64 << 20;
/// The most characters of code that stand for what cannot be told.
const MAX_EXCERPT: usize = 80;

/// Reads a script that pages of `origin` run.
pub(in crate::inventory) fn read(
    source: &str,
    goal: Goal,
    origin: &str,
) -> Result<Vec<Use>, Mistake> {
    let refuse = |message: &str| Err(Mistake { offset: 0, message: message.to_owned() });
    if source.len() > MAX_LENGTH {
        return refuse("it is longer than 64 MiB");
    }
    let depth = nesting::depth(source);
    if depth > MAX_DEPTH {
        return refuse("it is nested too deeply");
    }
    let stack = STACK_AT_LEAST + depth * STACK_PER_DEPTH;
    stacker::maybe_grow(stack, stack, || parse(source, goal, origin))
}

fn parse(source: &str, goal: Goal, origin: &str) -> Result<Vec<Use>, Mistake> {
    let allocator = Allocator::default();
    let source_type = match goal {
        Goal::File => SourceType::unambiguous(),
        Goal::Classic => SourceType::script(),
        Goal::Module => SourceType::mjs(),
    };
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        ..ParseOptions::default()
    };
    let parsed = Parser::new(&allocator, source, source_type).with_options(options).parse();
    if parsed.panicked {
        let error = parsed.diagnostics.first();
        let label = error.and_then(|error| error.labels.first());
        return Err(Mistake {
            offset: label.map_or(0, |label| label.offset() as usize),
            message: error.map_or_else(String::new, |error| error.message.to_string()),
        });
    }
    let semantic = SemanticBuilder::new().with_build_nodes(true).build(&parsed.program).semantic;
    Ok(sinks::read(&semantic, origin))
}

/// A piece of code on one line, cut off where it is long, in place of what it would be worth.
pub(super) fn excerpt(source: &str) -> String {
    let mut words = String::new();
    for word in source.split_whitespace() {
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
        if words.len() > 4 * MAX_EXCERPT {
            break;
        }
    }
    match words.char_indices().nth(MAX_EXCERPT) {
        Some((end, _)) => format!("{}…", words.get(..end).unwrap_or_default()),
        None => words,
    }
}

/// The address that stands for what a piece of code would give.
pub(super) fn unread_code(source: &str) -> String {
    unread(&excerpt(source))
}
