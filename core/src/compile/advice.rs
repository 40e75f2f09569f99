//! What a plan cannot make safe, or could not see.

use std::iter::repeat;

use percent_encoding::percent_decode_str;

use super::insecure::insecure;
use super::reach::Reach;
use super::site::Site;
use super::tally::{Cause, Tallies};
use super::unread;
use crate::csp::{Directive, Keyword, SourceExpression};
use crate::diagnostic::{Finding, Severity};
use crate::header::{Header as _, StrictTransportSecurity};
use crate::inventory::{Asset, Content, Kind};
use crate::site::{DeclaredHeader, SiteFile};

/// The findings about a site's inventory, by rule and message.
pub(super) fn findings(site: &Site<'_>) -> Vec<Finding> {
    let inventory = site.inventory;
    let mut tallies = Tallies::default();
    for page in &inventory.pages {
        if page.encoding_guessed
            && page.assets.iter().any(|asset| matches!(asset.content, Content::Inline { .. }))
        {
            tallies.note(guessed_encoding(), &page.path, 1, 1);
        }
        for own in &page.meta_policies {
            tallies.note(meta_policy(&own.policy), &page.path, own.line, own.column);
        }
    }
    unread::note(inventory, &mut tallies);
    for (path, asset) in inventory.assets() {
        for cause in causes(asset, site) {
            tallies.note(cause, path, asset.line, asset.column);
        }
    }
    tallies.into_findings()
}

/// What of the owner's declarations gives up protection, or asks for it in vain.
pub(super) fn declared(site: &SiteFile) -> Vec<Finding> {
    let declarations =
        site.sources.iter().flat_map(|(directive, all)| all.iter().zip(repeat(*directive)));
    let unsafe_ones = declarations.filter_map(|(declared, directive)| {
        let cause = declared_unsafe(&declared.expression, directive)?;
        Some(cause.at(declared.location.clone()))
    });
    let headers = site.headers.iter().chain(site.routes.iter().flat_map(|route| &route.headers));
    unsafe_ones.chain(headers.filter_map(declared_in_vain)).collect()
}

/// What no list of preloaded hosts takes.
fn declared_in_vain(declared: &DeclaredHeader) -> Option<Finding> {
    let is_hsts = declared.name.as_str().eq_ignore_ascii_case(StrictTransportSecurity::NAME);
    let value = declared.value.as_ref().filter(|_| is_hsts)?;
    let hsts = StrictTransportSecurity::parse(value.as_str()).value?;
    let cause = Cause::from(StrictTransportSecurity::PRELOAD_INELIGIBLE);
    let found = hsts.asks_in_vain().then(|| cause.at(declared.location.clone()))?;
    Some(Finding { header: Some(StrictTransportSecurity::NAME.into()), ..found })
}

/// What each keyword gives up, and what to do instead.
fn declared_unsafe(expression: &str, directive: Directive) -> Option<Cause> {
    let SourceExpression::Keyword(keyword) = SourceExpression::parse(expression) else {
        return None;
    };
    let is_script = matches!(directive, Directive::DefaultSrc)
        || directive.as_str().starts_with(Directive::ScriptSrc.as_str());
    let (severity, help) = match keyword {
        Keyword::UnsafeInline if is_script => (
            Severity::High,
            "leave it out: cspc allows the inline scripts of built pages by their hashes, and says which handlers to move",
        ),
        Keyword::UnsafeInline => (
            Severity::Medium,
            "leave it out: cspc allows inline styles of built pages by their hashes",
        ),
        Keyword::UnsafeEval => (
            Severity::Medium,
            "find what calls eval, `new Function` or setTimeout with a string, and build without it; for WebAssembly alone `'wasm-unsafe-eval'` is enough",
        ),
        _ => return None,
    };
    let message = format!("`{expression}` is declared for {}", directive.as_str());
    Some(Cause { rule: "build/declared-unsafe", severity, message, help })
}

fn causes(asset: &Asset, site: &Site<'_>) -> Vec<Cause> {
    if let Content::Code { code } = &asset.content {
        return by_code(asset.kind, code).into_iter().collect();
    }
    let by_kind = match asset.kind {
        Kind::EventHandler => Some(event_handler()),
        Kind::StyleAttribute => Some(style_attribute()),
        Kind::JavascriptUrl => Some(javascript_url()),
        Kind::Eval => Some(eval()),
        Kind::Wasm => Some(wasm()),
        _ => None,
    };
    let (insecure, by_url) = match &asset.content {
        Content::Url(url) => (insecure(site, asset.kind, url), by_url(asset.kind, url, site.reach)),
        _ => (None, None),
    };
    by_kind.into_iter().chain(insecure).chain(by_url).collect()
}

fn by_url(kind: Kind, url: &str, reach: &Reach<'_>) -> Option<Cause> {
    match kind {
        Kind::Style | Kind::Script if url.starts_with('/') => {
            let path = url.split('?').next().unwrap_or(url);
            (!reach.has_file(path)).then(|| missing(kind, path, reach))
        }
        Kind::Style if url.starts_with("http") => Some(foreign_sheet(url)),
        Kind::Script => Some(foreign_script(url)),
        _ => None,
    }
}

fn missing(kind: Kind, path: &str, reach: &Reach<'_>) -> Cause {
    match reach.base_of(path) {
        Some(base) => other_base(base),
        None => missing_file(kind, path),
    }
}

fn missing_file(kind: Kind, path: &str) -> Cause {
    let (rule, what) = match kind {
        Kind::Style => ("build/missing-style-sheet", "style sheet"),
        _ => ("build/missing-script", "script"),
    };
    Cause {
        rule,
        severity: Severity::Low,
        message: format!(
            "the {what} `{path}` is not in the folder, so what it loads is not allowed"
        ),
        help: "build the site before cspc reads it, or declare what the file loads under [sources] in cspc.toml",
    }
}

fn other_base(base: &str) -> Cause {
    let base = percent_decode_str(base).decode_utf8_lossy();
    Cause {
        rule: "build/other-base",
        severity: Severity::Medium,
        message: format!(
            "pages ask for files of this folder under `{base}`, so what these load is not allowed"
        ),
        help: "if that is where the folder is served, say so with --base, or `base` in cspc.toml",
    }
}

fn event_handler() -> Cause {
    Cause {
        rule: "build/event-handler",
        severity: Severity::Low,
        message: "event-handler attributes need `'unsafe-hashes'`".to_owned(),
        help: "register the handlers with addEventListener in a script, and the keyword goes away",
    }
}

fn style_attribute() -> Cause {
    Cause {
        rule: "build/style-attribute",
        severity: Severity::Info,
        message: "style attributes need `'unsafe-hashes'`".to_owned(),
        help: "move the declarations to a style sheet under a class, and the keyword goes away",
    }
}

fn javascript_url() -> Cause {
    Cause {
        rule: "build/javascript-url",
        severity: Severity::Medium,
        message: "`javascript:` URLs need `'unsafe-hashes'` in script-src".to_owned(),
        help: "use a button with a handler registered in a script instead",
    }
}

fn eval() -> Cause {
    Cause {
        rule: "build/eval",
        severity: Severity::Medium,
        message: "code made from strings needs `'unsafe-eval'`".to_owned(),
        help: "build without eval, `new Function` and timers with strings (templates can be compiled beforehand), and the keyword goes away",
    }
}

fn wasm() -> Cause {
    Cause {
        rule: "build/wasm",
        severity: Severity::Low,
        message: "WebAssembly needs `'wasm-unsafe-eval'`".to_owned(),
        help: "nothing narrower allows it; without WebAssembly on the page the keyword goes away",
    }
}

fn foreign_sheet(url: &str) -> Cause {
    Cause {
        rule: "build/unread-style-sheet",
        severity: Severity::Info,
        message: format!("what the style sheet `{url}` loads in turn is not known"),
        help: "declare its fonts and images under [sources] in cspc.toml, or keep a copy of it on the site",
    }
}

/// What a piece of code does that reading does not tell.
fn by_code(kind: Kind, code: &str) -> Option<Cause> {
    let code = code.to_owned();
    match kind {
        Kind::Eval => Some(eval_in_code(code)),
        Kind::Wasm | Kind::TrustedTypesSink | Kind::TrustedTypesPolicy => None,
        Kind::InlineScript | Kind::InlineStyle | Kind::StyleAttribute | Kind::EventHandler => {
            Some(unresolved_inline(kind, &code))
        }
        _ => Some(unresolved(kind, &code)),
    }
}

fn eval_in_code(code: String) -> Cause {
    Cause {
        rule: "build/eval",
        severity: Severity::Info,
        message: format!("the policy does not allow `{code}`, which compiles text as code"),
        help: "if pages need it, and not only might use it, declare `script-src = [\"'unsafe-eval'\"]` under [sources] in cspc.toml",
    }
}

fn unresolved(kind: Kind, code: &str) -> Cause {
    Cause {
        rule: "build/unresolved",
        severity: Severity::Info,
        message: format!("what `{code}` loads as {} is not known", kind.as_str()),
        help: "see at run time which addresses these are, and declare those of other sites under [sources] in cspc.toml",
    }
}

fn unresolved_inline(kind: Kind, code: &str) -> Cause {
    Cause {
        rule: "build/unresolved",
        severity: Severity::Low,
        message: format!(
            "the {} that a script makes from `{code}` is not known, so it is not allowed",
            kind.as_str()
        ),
        help: "put it in a file or in the page; for styles, set properties of `element.style`, which no policy governs",
    }
}

fn foreign_script(url: &str) -> Cause {
    let origin: Vec<&str> = url.splitn(4, '/').take(3).collect();
    Cause {
        rule: "build/third-party-script",
        severity: Severity::Info,
        message: format!(
            "scripts of `{}` may load more while they run, which is not known",
            origin.join("/")
        ),
        help: "declare what its documentation names under [sources] in cspc.toml",
    }
}

fn guessed_encoding() -> Cause {
    Cause {
        rule: "build/guessed-encoding",
        severity: Severity::Low,
        message: "the page does not say in which encoding it is, so hashes of its inline code may not match".to_owned(),
        help: "put `<meta charset=utf-8>` at the start of its head",
    }
}

fn meta_policy(policy: &str) -> Cause {
    Cause {
        rule: "build/meta-policy",
        severity: Severity::Low,
        message: format!(
            "the page has a policy of its own in a <meta>, which holds as well: `{policy}`"
        ),
        help: "take the <meta> out of the page, so that the header alone decides",
    }
}
