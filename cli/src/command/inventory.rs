//! `cspc inventory`: every asset, with where it is used.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cspc_core::inventory::{Asset, Content, Inventory};

use crate::exit::{Exit, Failure};
use crate::source::site;

/// Arguments of `cspc inventory`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: site::Arguments,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A list for people
    Text,
    /// The format `cspc.inventory/1`
    Json,
    /// A row an asset
    Csv,
}

/// Prints the inventory.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let site = arguments.site.read()?;
    site.warn();
    let text = match arguments.format {
        Format::Text => text(&site.inventory),
        Format::Json => json(&site.inventory)?,
        Format::Csv => csv(&site.inventory),
    };
    match &arguments.output {
        Some(path) => crate::output::write_file(path, &text)?,
        None => anstream::stdout().write_all(text.as_bytes())?,
    }
    Ok(Exit::Success)
}

fn json(inventory: &Inventory) -> Result<String, Failure> {
    let mut json =
        serde_json::to_string(inventory).map_err(|error| Failure::new(error.to_string()))?;
    json.push('\n');
    Ok(json)
}

/// Files and their assets, pages first.
fn files(inventory: &Inventory) -> impl Iterator<Item = (&str, &[Asset])> {
    let pages = inventory.pages.iter().map(|page| (&*page.path, &*page.assets));
    pages.chain(inventory.style_sheets.iter().map(|sheet| (&*sheet.path, &*sheet.assets)))
}

fn text(inventory: &Inventory) -> String {
    let mut text = String::new();
    for (path, assets) in files(inventory) {
        let _ = writeln!(text, "{}", path.escape_debug());
        for asset in assets {
            let place = if asset.implicit {
                "-".to_owned()
            } else {
                format!("{}:{}", asset.line, asset.column)
            };
            let what = match &asset.content {
                Content::Url(url) => url.to_string(),
                Content::Inline { hash, bytes } => format!("{hash} ({bytes} bytes)"),
            };
            let _ = writeln!(text, "  {place:>9}  {:<18} {what}", asset.kind.as_str());
        }
    }
    text
}

fn csv(inventory: &Inventory) -> String {
    let mut text = "path,line,column,kind,url,hash,bytes\n".to_owned();
    for (path, assets) in files(inventory) {
        for asset in assets {
            let (url, hash, bytes) = match &asset.content {
                Content::Url(url) => (&**url, "", String::new()),
                Content::Inline { hash, bytes } => ("", hash.as_str(), bytes.to_string()),
            };
            let (line, column, kind) = (asset.line, asset.column, asset.kind.as_str());
            let _ = writeln!(
                text,
                "{},{line},{column},{kind},{},{hash},{bytes}",
                field(path),
                field(url)
            );
        }
    }
    text
}

/// A CSV field (RFC 4180). A leading character that spreadsheets take for a formula is defused.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    if formula || text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}{}\"", if formula { "'" } else { "" }, text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
