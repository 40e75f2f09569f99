//! nginx: maps by path, type, status and scheme in the `http` block, `add_header … always` in the `server` block.
//!
//! The final location of a request decides which `add_header` lines run, and one line in a location drops all
//! that it would inherit: hence `location.conf`. `add_header` never replaces what an application sent: hence
//! `proxy_hide_header` and its siblings.

mod decision;
mod guard;
mod headers;
mod maps;
mod paths;
mod quote;

use super::lines::Site;
use super::{EmitError, File, GENERATED_BY, Server, Target, Version, https_origin};
use crate::plan::{CookieAttribute, Plan, ServerTokens};
use headers::{Lines, Style};
use maps::Maps;

/// The first version with `add_header_inherit`.
const MERGES: Version = Version::new(1, 29, 3);

pub(super) fn emit(plan: &Plan, site: &Site<'_>, target: Target) -> Result<Vec<File>, EmitError> {
    let style = match target.server {
        Server::NginxHeadersMore => Style::HeadersMore,
        _ if target.is_since(MERGES) => Style::Merge,
        _ => Style::AddHeader,
    };
    let mut maps = Maps::new(plan);
    let kinds = maps.pages(site)?;
    let guard = guard::lines(plan, site, &kinds, &mut maps)?;
    let lines = Lines::new(site, &kinds, &mut maps, style)?;
    let server = server(plan, &lines.server(style), &guard, &mut maps)?;
    let mut files = Vec::new();
    if !maps.is_empty() {
        files.push(File::new("http.conf", http(&maps)));
    }
    files.push(File::new("server.conf", server));
    let location = lines.location(style);
    if style == Style::AddHeader || !location.is_empty() {
        files.push(File::new("location.conf", self::location(&location)));
    }
    Ok(files)
}

fn http(maps: &Maps) -> String {
    format!(
        "{GENERATED_BY}: the variables of server.conf.\n\
         # In the http block, before its servers:  include cspc/http.conf;\n\
         # (or wherever the folder is). Needs the map and geo modules, which are part of nginx, and PCRE.\n{}",
        maps.text()
    )
}

fn location(lines: &str) -> String {
    format!(
        "{GENERATED_BY}: the response headers, once more.\n\
         # In every location (and `if` in one) that has an add_header or a *_hide_header line of its own, because\n\
         # such a line makes nginx forget all that server.conf says:  include cspc/location.conf;\n{lines}"
    )
}

fn server(plan: &Plan, lines: &str, guard: &str, maps: &mut Maps) -> Result<String, EmitError> {
    let mut text = format!(
        "{GENERATED_BY}: the response headers.\n\
         # In each server block, before its rewrite lines:  include cspc/server.conf;\n\
         # Locations with add_header or *_hide_header lines of their own need location.conf as well.\n"
    );
    if maps.uses_path() {
        text.push_str(&format!(
            "\n# Kept from the first look: an index, try_files or error page changes $uri later.\n\
             set $cspc_asked ${};\n",
            maps.asked()
        ));
    }
    text.push_str(lines);
    if plan.server_tokens == Some(ServerTokens::Off) {
        text.push_str(
            "\n# No version in the Server header and on error pages.\nserver_tokens off;\n",
        );
    }
    text.push_str(&nonce(plan, maps));
    text.push_str(&cookies(&plan.cookies));
    text.push_str(&redirect(plan, maps)?);
    text.push_str(guard);
    Ok(text)
}

/// `$request_id` is made of 16 random bytes once a request (`ngx_http_variable_request_id`), and kept on internal redirects.
fn nonce(plan: &Plan, maps: &mut Maps) -> String {
    let Some(placeholder) = &plan.nonce else { return String::new() };
    let placeholder = maps.short_word(placeholder.as_str());
    format!(
        "\n# Each page has its nonce where this stands. Needs the sub module, which is part of most packages. What an\n\
         # application sends compressed cannot be looked through: keep Accept-Encoding from it, or let it not compress.\n\
         # A location with sub_filter lines of its own needs these as well.\n\
         sub_filter {placeholder} $request_id;\nsub_filter_once off;\n"
    )
}

fn cookies(attributes: &[CookieAttribute]) -> String {
    if attributes.is_empty() {
        return String::new();
    }
    let flag = |attribute: &CookieAttribute| match attribute {
        CookieAttribute::Secure => " secure",
        CookieAttribute::HttpOnly => " httponly",
        CookieAttribute::SameSiteStrict => " samesite=strict",
        CookieAttribute::SameSiteLax => " samesite=lax",
    };
    let flags: String = attributes.iter().map(flag).collect();
    format!(
        "\n# Each cookie of a proxied application (nginx 1.19.3 or later; it cannot do so for FastCGI).\n\
         proxy_cookie_flags ~{flags};\n"
    )
}

fn redirect(plan: &Plan, maps: &mut Maps) -> Result<String, EmitError> {
    let Some(status) = plan.https_redirect else { return Ok(String::new()) };
    let origin = https_origin(plan)?.unwrap_or_else(|| "https://$host".to_owned());
    maps.ensure_scheme();
    Ok(format!(
        "\n# Plain HTTP goes to HTTPS.\nif ($cspc_http) {{\n    return {} {origin}$request_uri;\n}}\n",
        u16::from(status)
    ))
}
