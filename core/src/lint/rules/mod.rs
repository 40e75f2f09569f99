//! One rule, one file.

pub(super) mod broad_script_source;
pub(super) mod hash_length;
pub(super) mod http_source;
pub(super) mod missing_base_uri;
pub(super) mod missing_form_action;
pub(super) mod missing_frame_ancestors;
pub(super) mod missing_object_src;
pub(super) mod missing_script_src;
pub(super) mod short_nonce;
pub(super) mod style_unsafe_inline;
pub(super) mod unsafe_eval;
pub(super) mod unsafe_hashes;
pub(super) mod unsafe_inline;

use super::rule::Hit;
use crate::csp::{Directive, Keyword, ParsedDirective, SourceExpression, Value};

/// What decides about inline scripts, event handlers and `javascript:` URLs.
static SCRIPT: [Directive; 2] = [Directive::ScriptSrcElem, Directive::ScriptSrcAttr];
/// What decides about inline style sheets and style attributes.
static STYLE: [Directive; 2] = [Directive::StyleSrcElem, Directive::StyleSrcAttr];

fn has(directive: &ParsedDirective<'_>, test: impl Fn(SourceExpression<'_>) -> bool) -> bool {
    directive.values.iter().any(|value| test(value.source_expression()))
}

fn has_keyword(directive: &ParsedDirective<'_>, keyword: Keyword) -> bool {
    has(directive, |expression| expression == SourceExpression::Keyword(keyword))
}

/// "Does a source list allow all inline behavior for type?" (CSP Level 3, section 6.7.3.2): a nonce, a hash or
/// `'strict-dynamic'` takes the effect of `'unsafe-inline'` away.
fn allows_all_inline(directive: &ParsedDirective<'_>, is_script: bool) -> bool {
    has_keyword(directive, Keyword::UnsafeInline)
        && !has(directive, |expression| {
            matches!(expression, SourceExpression::Nonce(_) | SourceExpression::Hash(..))
        })
        && !(is_script && has_keyword(directive, Keyword::StrictDynamic))
}

/// A hit at each value of the directive that is this keyword.
fn keyword_hits(
    directive: &ParsedDirective<'_>,
    keyword: Keyword,
    message: impl Fn(&str) -> String,
) -> Vec<Hit> {
    let is_keyword =
        |value: &&Value<'_>| value.source_expression() == SourceExpression::Keyword(keyword);
    let hit = |value: &Value<'_>| Hit::at_value(directive, value, message(directive.name));
    directive.values.iter().filter(is_keyword).map(hit).collect()
}
