//! The `_headers` file of Netlify and Cloudflare: a path, and under it, indented, the headers.

use std::fmt::Write;

use super::hosted::{Block, Effect, Outcome, Pattern, encoded, overriding};
use super::lines::Site;
use super::{EmitError, File, GENERATED_BY, Server};

pub(super) fn emit(site: &Site<'_>, server: Server) -> Result<Vec<File>, EmitError> {
    let mut text = format!(
        "{GENERATED_BY}: the response headers.\n\
         # In the folder that is published. It counts for files, not for what functions answer.\n"
    );
    let blocks = overriding(site, server)?;
    for block in &blocks {
        for path in paths(block.pattern, server)? {
            let _ = writeln!(text, "\n{path}");
            lines(block, server, &mut text)?;
        }
    }
    Ok(vec![File::new("_headers", text)])
}

fn lines(block: &Block<'_>, server: Server, text: &mut String) -> Result<(), EmitError> {
    for effect in &block.effects {
        // Cloudflare joins what several blocks say of one header, unless it is detached first.
        let detach =
            block.pattern != Pattern::Everything && !matches!(effect.outcome, Outcome::Add(_));
        if server == Server::Cloudflare && (detach || effect.outcome == Outcome::Remove) {
            let _ = writeln!(text, "  ! {}", effect.name);
        }
        if effect.outcome != Outcome::Remove {
            let line = format!("  {}: {}", effect.name, effect.value());
            check(effect, server)?;
            let _ = writeln!(text, "{line}");
        }
    }
    Ok(())
}

fn check(effect: &Effect<'_>, server: Server) -> Result<(), EmitError> {
    let bytes = effect.value().len();
    if let Some(limit) = server.longest_value(effect.name).filter(|limit| bytes > *limit) {
        let name = effect.name.to_owned();
        return Err(EmitError::ValueTooLong { name, server, bytes, limit });
    }
    if effect.value().contains(":splat") {
        return Err(EmitError::Unwritable {
            server,
            name: effect.name.to_owned(),
            what: "`:splat`, which stands for a part of the path",
            help: "write the value without it",
        });
    }
    Ok(())
}

/// The pattern as both hosts write it, in all the forms under which they answer with the page.
fn paths(pattern: Pattern<'_>, server: Server) -> Result<Vec<String>, EmitError> {
    let path = |path: &str| literal(path, server);
    Ok(match pattern {
        Pattern::Everything => vec!["/*".to_owned()],
        Pattern::Exact(page) => pretty(page).into_iter().map(path).collect::<Result<_, _>>()?,
        Pattern::Below(prefix) if server == Server::Cloudflare && !prefix.is_empty() => {
            vec![path(prefix)?, format!("{}/*", path(prefix)?)]
        }
        Pattern::Below(prefix) => vec![format!("{}/*", path(prefix)?)],
        Pattern::Ending(suffix) => vec![format!("/*{}", path(suffix)?)],
        Pattern::Between(prefix, suffix) => vec![format!("{}/*{}", path(prefix)?, path(suffix)?)],
    })
}

/// `/a.html` is the page of `/a` too, and `/a/index.html` that of `/a/`.
fn pretty(page: &str) -> Vec<&str> {
    let short = page
        .strip_suffix("index.html")
        .filter(|folder| folder.ends_with('/'))
        .or_else(|| page.strip_suffix(".html").filter(|stem| !stem.ends_with('/')));
    [Some(page), short].into_iter().flatten().collect()
}

/// A text in which nothing stands for something else.
fn literal(text: &str, server: Server) -> Result<String, EmitError> {
    if text.contains(['*', ':']) {
        return Err(EmitError::Unwritable {
            server,
            name: text.to_owned(),
            what: "a path with `*` or `:`",
            help: "rename the file",
        });
    }
    Ok(encoded(text))
}
