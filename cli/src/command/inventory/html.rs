//! The inventory as a page: it loads nothing, runs nothing, and says so in a policy of its own.

use std::fmt::{self, Display, Write as _};

use cspc_core::inventory::{Asset, Inventory, sha256};

use super::text;

const STYLE: &str = "body{font:16px/1.4 system-ui,sans-serif;margin:2rem auto;max-width:80rem;padding:0 1rem;color:#1a1a1a;background:#fff}\
h1{font-size:1.5rem}summary{cursor:pointer;padding:.2rem 0}table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}\
th,td{text-align:left;padding:.2rem .8rem .2rem 0;border-bottom:1px solid #ddd;vertical-align:top}\
td:last-child{font-family:ui-monospace,monospace;font-size:.85rem;overflow-wrap:anywhere}\
@media(prefers-color-scheme:dark){body{color:#eee;background:#161616}th,td{border-color:#444}}";

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

/// Writes it: origins with the services behind them first, then every page and file.
pub(super) fn write(inventory: &Inventory) -> String {
    let origin = inventory.origin.as_deref().unwrap_or("a site");
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>Inventory of {origin}</title>\n<style>{STYLE}</style>\n\
         </head>\n<body>\n<h1>Inventory of {origin}</h1>\n<p>{} pages, {} assets</p>\n<h2>By origin</h2>\n",
        sha256(STYLE),
        inventory.pages.len(),
        inventory.asset_count(),
        origin = Escaped(origin),
    );
    for (origin, assets) in text::origins(inventory) {
        let rows = text::rows(&assets, text::what);
        section(
            &mut page,
            &origin,
            rows.iter().map(|row| [row.asset.kind.as_str(), &row.place, &row.what]),
        );
    }
    page.push_str("<h2>By page and file</h2>\n");
    for (path, assets) in inventory.places() {
        let rows: Vec<[String; 3]> = assets.iter().map(row).collect();
        section(&mut page, path, rows.iter().map(|row| row.each_ref().map(String::as_str)));
    }
    page.push_str("</body>\n</html>\n");
    page
}

fn row(asset: &Asset) -> [String; 3] {
    [asset.kind.as_str().to_owned(), text::place(asset), text::what(asset)]
}

fn section<'a>(page: &mut String, title: &str, rows: impl ExactSizeIterator<Item = [&'a str; 3]>) {
    let _ = write!(
        page,
        "<details><summary>{} ({})</summary>\n<table>\n<tr><th>Kind<th>Place<th>What\n",
        Escaped(title),
        rows.len()
    );
    for [kind, place, what] in rows {
        let (kind, place, what) = (Escaped(kind), Escaped(place), Escaped(what));
        let _ = writeln!(page, "<tr><td>{kind}<td>{place}<td>{what}");
    }
    page.push_str("</table></details>\n");
}
