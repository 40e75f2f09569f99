//! The inventory as a page: it loads nothing, runs nothing, and says so in a policy of its own.

use std::fmt::{self, Display, Write as _};

use cspc_core::compile;
use cspc_core::diagnostic::{Finding, Severity};
use cspc_core::inventory::{Inventory, sha256};

use super::text::{self, OfOrigin};
use crate::command::build::plural;

/// Columns of all tables stand below each other, and on a narrow screen the cells of a row do. What is folded is printed.
const STYLE: &str = ":root{color-scheme:light dark;--line:#ddd;--muted:#595959}\
body{font:16px/1.4 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;color:#1a1a1a;background:#fff}\
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2rem}summary{cursor:pointer;padding:.2rem 0;overflow-wrap:anywhere}small{color:var(--muted)}\
p,li{overflow-wrap:anywhere}table{border-collapse:collapse;table-layout:fixed;width:100%;margin:.5rem 0 1.5rem}\
th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}\
th:nth-child(1){width:11rem}th:nth-child(2){width:35%}.pages th:nth-child(2){width:6rem}\
td:last-child{font-family:ui-monospace,monospace;font-size:.85rem}\
@media(max-width:40rem){table,tbody,tr,td{display:block}thead{display:none}td{border:0;padding:0}tr{border-bottom:1px solid var(--line);padding:.3rem 0}}\
@media(prefers-color-scheme:dark){:root{--line:#444;--muted:#a3a3a3}body{color:#eee;background:#161616}}\
@media print{details::details-content{content-visibility:visible;block-size:auto}}";

/// A text whose characters mean nothing in HTML.
struct Escaped<'a>(&'a str);

impl Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|c| match c {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            other => f.write_char(other),
        })
    }
}

/// Writes it: what could not be read, then origins with the services behind them, then every page and file.
pub(super) fn write(inventory: &Inventory) -> String {
    let origin = Escaped(inventory.origin.as_deref().unwrap_or("a site"));
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Inventory of {origin}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<h1>Inventory of {origin}</h1>\n<p>{}, {}</p>\n",
        sha256(STYLE),
        plural(inventory.pages.len(), "page"),
        plural(inventory.asset_count(), "asset"),
    );
    unread(&mut page, inventory);
    page.push_str("<section>\n<h2>By origin</h2>\n");
    for OfOrigin { name, service, assets } in text::origins(inventory) {
        let rows = text::rows(&assets, text::what);
        let rows = rows.iter().map(|row| [row.asset.kind.as_str(), &row.place, &row.what]);
        section(&mut page, &name, service.as_deref(), rows);
    }
    page.push_str("</section>\n<section class=\"pages\">\n<h2>By page and file</h2>\n");
    let places = text::Places::of(inventory);
    for (path, assets) in &places.loading {
        let rows = text::of_page(assets);
        let rows = rows.iter().map(|row| [row.asset.kind.as_str(), &row.place, &row.what]);
        section(&mut page, path, None, rows);
    }
    if let Some(others) = places.others() {
        let _ = writeln!(page, "<p>{}</p>", Escaped(&others));
    }
    page.push_str("</section>\n</body>\n</html>\n");
    page
}

/// What is not read stands open, and what may be meant so is folded: imports in files that some other tool is to bundle.
fn unread(page: &mut String, inventory: &Inventory) {
    let findings = compile::unread(inventory);
    if findings.is_empty() {
        return;
    }
    let is_open = |finding: &Finding| finding.severity > Severity::Info;
    let (open, folded): (Vec<Finding>, Vec<Finding>) = findings.into_iter().partition(is_open);
    page.push_str("<section>\n<h2>Not read</h2>\n");
    list(page, &open);
    if !folded.is_empty() {
        let (title, count) = ("more to know", folded.len());
        let _ = writeln!(page, "<details><summary>{title} <small>({count})</small></summary>");
        list(page, &folded);
        page.push_str("</details>\n");
    }
    page.push_str("</section>\n");
}

fn list(page: &mut String, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    page.push_str("<ul>\n");
    for Finding { location, message, .. } in findings {
        let place = location.as_ref().map(|at| format!("{}:{}:{}: ", at.path, at.line, at.column));
        let place = place.unwrap_or_default();
        let _ = writeln!(page, "<li>{}{}", Escaped(&place), Escaped(message));
    }
    page.push_str("</ul>\n");
}

/// Writes a table that can be folded; what others have a hand in stands open, as the report is read for that.
fn section<'a>(
    page: &mut String,
    title: &str,
    service: Option<&str>,
    rows: impl ExactSizeIterator<Item = [&'a str; 3]>,
) {
    let title = Escaped(title);
    let count = rows.len();
    if count == 0 {
        let _ = writeln!(page, "<p>{title} <small>(0)</small></p>");
        return;
    }
    let (open, about) = match service {
        Some(service) => (" open", format!("{} ({count})", Escaped(service))),
        None => ("", format!("({count})")),
    };
    let _ = write!(
        page,
        "<details{open}><summary>{title} <small>{about}</small></summary>\n<table>\n\
         <thead><tr><th scope=\"col\">Kind<th scope=\"col\">Place<th scope=\"col\">What</thead>\n<tbody>\n"
    );
    for [kind, place, what] in rows {
        let (kind, place, what) = (Escaped(kind), Escaped(place), Escaped(what));
        let _ = writeln!(page, "<tr><td>{kind}<td>{place}<td>{what}");
    }
    page.push_str("</tbody></table></details>\n");
}
