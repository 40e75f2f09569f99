//! A `_headers` file, as Netlify and Cloudflare Pages read it.

use super::hosted::{Block, Change, Hosted, Token, text_of};
use super::lines;
use crate::text::Span;

/// Header lines, indented under the paths that they are for; `! Name` takes what earlier paths say of a header away.
pub(super) fn read(text: &str) -> Hosted {
    let mut hosted = Hosted::default();
    for (start, line) in lines(text) {
        let content = line.trim();
        if content.is_empty() || content.starts_with('#') {
            continue;
        }
        let begin = start + (line.len() - line.trim_start().len());
        let at = Span::new(begin, begin + content.len());
        if !line.starts_with([' ', '\t']) {
            let (name, pattern) = (content.to_owned(), tokens(content));
            hosted.blocks.push(Block { name, pattern, changes: Vec::new(), condition: None, at });
        } else if let Some(block) = hosted.blocks.last_mut() {
            block.changes.extend(change(content, at));
        }
    }
    let changes = || hosted.blocks.iter().flat_map(|block| &block.changes);
    hosted.joins = changes().any(|change| change.value.is_none());
    hosted
}

fn change(line: &str, at: Span) -> Option<Change> {
    if let Some(name) = line.strip_prefix('!') {
        return Some(Change { name: name.trim().to_owned(), value: None, at, offset: None });
    }
    let (name, value) = line.split_once(':')?;
    let offset = at.end - value.trim_start().len();
    let (name, value) = (name.trim().to_owned(), Some(value.trim().to_owned()));
    Some(Change { name, value, at: Span::new(offset, at.end), offset: Some(offset) })
}

/// `*` stands for anything, `:name` for one segment of a path; before the path may be a site.
fn tokens(text: &str) -> Vec<Token> {
    let path = match text.split_once("://") {
        Some((_, rest)) => rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("/"),
        None => text,
    };
    let mut tokens = Vec::new();
    // `/docs/*` is for `/docs`, too.
    let folder = path.strip_suffix("/*");
    let mut rest = folder.unwrap_or(path);
    while let Some(at) = rest.find(['*', ':']) {
        let (before, open) = rest.split_at_checked(at).unwrap_or((rest, ""));
        tokens.push(text_of(before));
        let after = open.get(1..).unwrap_or_default();
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let (expression, after) = match open.starts_with('*') {
            true => (".*", after),
            false => ("[^/]+", after.trim_start_matches(is_name)),
        };
        tokens.push(Token::Open(expression.to_owned()));
        rest = after;
    }
    tokens.push(text_of(rest));
    tokens.extend(folder.map(|_| Token::Open("(?:/.*)?".to_owned())));
    tokens
}
