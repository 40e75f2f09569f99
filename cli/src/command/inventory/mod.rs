//! `cspc inventory`: every asset, with where it is used.

mod csv;
mod html;
mod review;
mod text;

use std::io::Write as _;
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use cspc_core::compile;
use cspc_core::inventory::Inventory;

use super::build::advise;
use crate::exit::{Exit, Failure, is_verbose};
use crate::source::site;
use crate::source::site_file::Config;

/// Arguments of `cspc inventory`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    site: site::Arguments,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// How to order the text
    #[arg(long, value_enum, default_value_t = By::Page)]
    by: By,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    review: review::Arguments,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A list for people
    Text,
    /// The format `cspc.inventory/1`
    Json,
    /// A row an asset
    Csv,
    /// A page for people, which loads nothing and runs nothing
    Html,
}

/// How the text is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum By {
    /// By page or file, as it stands there
    Page,
    /// By where it comes from: the site, each third party with the service that it is, data, inline code
    Origin,
    /// By what it is
    Kind,
    /// By who saw it, of several witnesses: what only one of them saw
    Witness,
}

/// Prints the inventory.
pub(crate) fn run(arguments: &Arguments, config: &Config) -> Result<Exit, Failure> {
    let site = arguments.site.read_site(config.read()?)?;
    site.warn();
    advise(&compile::unread(&site.inventory), is_verbose());
    if let Some(exit) = review::run(&arguments.review, &site.inventory)? {
        return Ok(exit);
    }
    let text = match arguments.format {
        Format::Text => match arguments.by {
            By::Page => text::by_page(&site.inventory),
            By::Origin => text::by_origin(&site.inventory),
            By::Kind => text::by_kind(&site.inventory),
            By::Witness => text::by_witness(&site.inventory),
        },
        Format::Json => json(&site.inventory)?,
        Format::Csv => csv::write(&site.inventory),
        Format::Html => html::write(&site.inventory),
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
