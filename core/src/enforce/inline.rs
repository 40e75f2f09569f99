//! Element matching (section 6.7.3): inline code, attributes and `javascript:` URLs.

use super::engine::Engine;
use super::request::{Inline, InlineKind};
use super::source_list::{AskedPolicy, SourceList};
use super::verdict::{Decision, Outcome, Reason};
use crate::csp::{Directive, Keyword};
use crate::text::Span;

/// "Get the effective directive for inline checks" (section 6.8.2).
pub(super) const fn effective_directive(kind: InlineKind) -> Directive {
    match kind {
        InlineKind::Script | InlineKind::JavascriptUrl => Directive::ScriptSrcElem,
        InlineKind::EventHandler => Directive::ScriptSrcAttr,
        InlineKind::Style => Directive::StyleSrcElem,
        InlineKind::StyleAttribute => Directive::StyleSrcAttr,
    }
}

/// "Should element's inline type behavior be blocked by Content Security Policy?" for one policy (section 4.2.3).
pub(super) fn check(policy: &impl AskedPolicy, item: &Inline, engine: Engine) -> Option<Decision> {
    let effective = effective_directive(item.kind);
    let list = policy.effective(effective)?;
    let outcome = Outcome::by(matching_expression(&list, item, engine), || {
        let (reason, expression) = why_not(&list, item, engine);
        Outcome::Blocked(reason, expression)
    });
    Some(Decision { effective, clause: list.clause(), outcome })
}

/// "Does element match source list for type and source?" (section 6.7.3.3).
fn matching_expression(list: &impl SourceList, item: &Inline, engine: Engine) -> Option<Span> {
    allows_all_inline(list, item.kind, engine)
        .or_else(|| matching_nonce(list, item))
        .or_else(|| dynamic_script(list, item))
        .or_else(|| matching_hash(list, item))
}

/// "Does a source list allow all inline behavior for type?" (section 6.7.3.2).
fn allows_all_inline(list: &impl SourceList, kind: InlineKind, engine: Engine) -> Option<Span> {
    match overriding_expression(list, kind, engine) {
        Some(_) => None,
        None => list.keyword(Keyword::UnsafeInline),
    }
}

/// What takes the force of `'unsafe-inline'`.
fn overriding_expression(list: &impl SourceList, kind: InlineKind, engine: Engine) -> Option<Span> {
    let of_scripts = kind.is_script()
        || engine.dynamic_default_governs_styles()
            && list.clause().directive == Directive::DefaultSrc;
    let dynamic = if of_scripts { list.keyword(Keyword::StrictDynamic) } else { None };
    [list.nonce_or_hash(), dynamic].into_iter().flatten().min()
}

/// Step 2: nonces are for elements alone.
fn matching_nonce(list: &impl SourceList, item: &Inline) -> Option<Span> {
    let may_have_one = item.kind.is_element() && is_nonceable(item);
    if may_have_one { list.nonce(&item.nonce) } else { None }
}

/// Step 5.2.1: a trusted script's script.
fn dynamic_script(list: &impl SourceList, item: &Inline) -> Option<Span> {
    let dynamic = item.kind == InlineKind::Script && !item.parser_inserted;
    if dynamic { list.keyword(Keyword::StrictDynamic) } else { None }
}

/// Steps 3 to 5: hashes are for elements, and with `'unsafe-hashes'` for the rest.
fn matching_hash(list: &impl SourceList, item: &Inline) -> Option<Span> {
    let hashes_count = item.kind.is_element() || list.keyword(Keyword::UnsafeHashes).is_some();
    if hashes_count { list.hashes().of_inline(item) } else { None }
}

/// Why nothing matches, and because of what.
fn why_not(list: &impl SourceList, item: &Inline, engine: Engine) -> (Reason, Option<Span>) {
    if list.allows_nothing() {
        return (Reason::NothingAllowed, None);
    }
    if item.kind.is_element()
        && let Some(nonce) = list.nonce(&item.nonce)
    {
        return (Reason::NotNonceable, Some(nonce));
    }
    if !item.kind.is_element()
        && let Some(hash) = list.hashes().of_inline(item)
    {
        return (Reason::UnsafeHashesMissing, Some(hash));
    }
    if list.keyword(Keyword::UnsafeInline).is_some() {
        return (Reason::UnsafeInlineIgnored, overriding_expression(list, item.kind, engine));
    }
    (Reason::InlineNotAllowed, None)
}

/// "Is element nonceable?" (section 6.7.3.1): whether its markup cannot be what an injection made of another element.
fn is_nonceable(item: &Inline) -> bool {
    if item.nonce.is_empty() || item.duplicate_attribute {
        return false;
    }
    let mut attributes = item.attributes.iter();
    !item.is_script_element()
        || !attributes.any(|(name, value)| {
            ["<script", "<style"].into_iter().any(|start| {
                name.eq_ignore_ascii_case(start) || contains_ignoring_case(value, start)
            })
        })
}

fn contains_ignoring_case(text: &str, part: &str) -> bool {
    text.as_bytes().windows(part.len()).any(|window| window.eq_ignore_ascii_case(part.as_bytes()))
}
