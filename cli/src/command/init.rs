//! `cspc init [DIR]`: a site file to begin with, from a look at the site.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use cspc_core::emit::Server;
use cspc_core::inventory::{Inventory, SiteOrigin, elements};
use cspc_core::services;
use cspc_core::site::{Base, Choice, Template};
use url::Url;

use crate::exit::{Exit, Failure, visible};
use crate::output;
use crate::source::folder::{self, Place};
use crate::source::site_file::Config;

/// Folders that builds write pages to, the commonest first.
const BUILT: [&str; 8] = ["dist", "build", "public", "_site", "site", "out", "output", "www"];

/// The hosts and servers that a file of this name is for.
const CONFIGURATIONS: [(&str, Server); 9] = [
    ("netlify.toml", Server::Netlify),
    ("vercel.json", Server::Vercel),
    ("firebase.json", Server::Firebase),
    ("wrangler.toml", Server::Cloudflare),
    ("wrangler.jsonc", Server::Cloudflare),
    ("Caddyfile", Server::Caddy),
    ("nginx.conf", Server::Nginx),
    (".htaccess", Server::Htaccess),
    ("web.config", Server::Iis),
];

/// Arguments of `cspc init`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The folder of the site or of its project
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
}

/// Looks at the site and writes the file.
pub(crate) fn run(arguments: &Arguments, config: &Config) -> Result<Exit, Failure> {
    let path = config.of_new(&arguments.folder);
    if path.exists() && !arguments.force {
        let shown = path.display();
        return Err(Failure::new(format!("`{shown}` is there already: --force writes over it")));
    }
    let template = look(&arguments.folder)?;
    output::write_file(&path, &template.text())?;
    tell(&path, &template);
    Ok(Exit::Success)
}

/// What the folder tells of its site.
fn look(folder: &Path) -> Result<Template, Failure> {
    let root = root(folder);
    let pages = root.as_ref().map_or_else(|| folder.to_owned(), |root| folder.join(&root.value));
    let origin = origin(folder, &pages);
    let known = origin.as_ref().and_then(|choice| SiteOrigin::parse(&choice.value).ok());
    let inventory = match &root {
        Some(_) => {
            let origin = known.unwrap_or_else(SiteOrigin::unknown);
            let place = Place { origin, base: Base::default() };
            Some(folder::read(&pages, &place, true)?.inventory)
        }
        None => None,
    };
    let services = inventory.as_ref().map_or_else(Vec::new, services);
    Ok(Template { origin, root, targets: targets(folder, &pages), services })
}

/// The folder of built pages, from here.
fn root(folder: &Path) -> Option<Choice> {
    let has_pages = |name: &str| folder.join(name).join("index.html").is_file();
    let built = BUILT.into_iter().find(|name| has_pages(name));
    let (value, reason) = match built {
        Some(built) => (built, "it holds an index.html"),
        None if has_pages(".") => (".", "an index.html is here"),
        None => return None,
    };
    Some(Choice { value: value.to_owned(), reason: reason.to_owned() })
}

/// Where the site is served: by the name that GitHub Pages asks for, or by what the first page says of itself.
fn origin(folder: &Path, pages: &Path) -> Option<Choice> {
    for place in [pages, folder] {
        let name = fs::read_to_string(place.join("CNAME")).ok();
        let origin = name.and_then(|name| origin_of(&format!("https://{}", name.trim())));
        if let Some(value) = origin {
            return Some(Choice { value, reason: "named in CNAME".to_owned() });
        }
    }
    let page = fs::read(pages.join("index.html")).ok()?;
    let page = String::from_utf8_lossy(&page);
    let canonical = elements(&page, &["link"]).into_iter().find(|link| {
        link.get("rel").is_some_and(|rel| rel.trim().eq_ignore_ascii_case("canonical"))
    });
    let value = origin_of(canonical?.get("href")?)?;
    Some(Choice { value, reason: "the canonical address of index.html".to_owned() })
}

fn origin_of(address: &str) -> Option<String> {
    let url = Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(url.origin().ascii_serialization())
}

/// The servers that have a configuration here.
fn targets(folder: &Path, pages: &Path) -> Vec<Choice> {
    let mut targets: Vec<Choice> = Vec::new();
    for (name, server) in CONFIGURATIONS {
        let is_here = [folder, pages].iter().any(|place| place.join(name).is_file());
        if is_here && targets.iter().all(|known| known.value != server.name()) {
            let reason = format!("{name} is here");
            targets.push(Choice { value: server.name().to_owned(), reason });
        }
    }
    targets
}

/// The services that pages load something of, where the address leaves no doubt which, and the service asks for no name of
/// the site's own.
fn services(inventory: &Inventory) -> Vec<Choice> {
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    for (path, asset) in inventory.assets() {
        if let Some(Ok(url)) = asset.url().map(Url::parse)
            && let [service] = services::behind(&url).as_slice()
            && service.parameters().is_empty()
        {
            found
                .entry(&service.name)
                .or_insert_with(|| format!("{path}:{} loads {url}", asset.line));
        }
    }
    let choice = |(name, reason): (&str, String)| Choice { value: name.to_owned(), reason };
    found.into_iter().map(choice).collect()
}

fn tell(path: &Path, template: &Template) {
    let Template { origin, root, targets, services } = template;
    let say = |key: &str, choice: &Choice| {
        let line = format!("{key} = {} ({})", choice.value, choice.reason);
        crate::exit::say!("{}", visible(&line));
    };
    origin.iter().for_each(|choice| say("origin", choice));
    root.iter().for_each(|choice| say("root", choice));
    targets.iter().for_each(|choice| say("target", choice));
    services.iter().for_each(|choice| say("service", choice));
    crate::exit::say!("{}", visible(&format!("wrote {}", path.display())));
    let next = match (root, targets.as_slice()) {
        (None, _) => "no built pages were found: set `root`, then run `cspc build`",
        (_, []) => "next: cspc build --emit nginx (or another server)",
        _ => "next: cspc build",
    };
    crate::exit::say!("{next}");
}
