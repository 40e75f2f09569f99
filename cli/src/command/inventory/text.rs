//! The inventory for people.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;

use cspc_core::inventory::{Asset, Content, Inventory, Kind};
use cspc_core::services;
use url::Url;

use crate::exit::visible;

/// Where assets come from, in the order in which they are shown.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    /// An origin of somebody else.
    Other(String),
    /// The site.
    Own,
    /// A scheme without a host, such as `data:`.
    Scheme(String),
    /// The page or script itself.
    Inline,
    /// Code that is no resource, but that a policy can forbid.
    Code,
    /// The browser.
    Feature,
    /// Reading does not tell.
    Unknown,
}

/// The column of the kinds is as wide as the longest.
const KIND_WIDTH: usize = Kind::TrustedTypesPolicy.as_str().len();

/// How many pages a line names.
const MANY: usize = 3;

/// Each page and file with its different assets, in the order of its text, and those that have none.
pub(super) fn by_page(inventory: &Inventory) -> String {
    let mut text = String::new();
    let places = Places::of(inventory);
    for (path, assets) in &places.loading {
        let _ = writeln!(text, "{}", visible(path));
        for Row { what, place, asset } in of_page(assets) {
            let kind = asset.kind.as_str();
            let _ = writeln!(text, "  {place:>9}  {kind:<KIND_WIDTH$} {what}");
        }
    }
    if let Some(others) = places.others() {
        let _ = writeln!(text, "{others}");
    }
    text
}

/// The pages and files.
pub(super) struct Places<'a> {
    /// Those that load something.
    pub(super) loading: Vec<(&'a str, &'a [Asset])>,
    /// The rest, where browsers ask for the icon at most.
    others: Vec<&'a str>,
}

impl<'a> Places<'a> {
    pub(super) fn of(inventory: &'a Inventory) -> Self {
        let is_loading =
            |(_, assets): &(&str, &[Asset])| !assets.iter().all(Asset::is_unnamed_icon);
        let (loading, others): (Vec<_>, Vec<_>) = inventory.places().partition(is_loading);
        Self { loading, others: others.into_iter().map(|(path, _)| path).collect() }
    }

    /// What is said of those that load nothing, if there are any.
    pub(super) fn others(&self) -> Option<String> {
        (!self.others.is_empty()).then(|| format!("nothing is loaded by: {}", some(&self.others)))
    }
}

/// Each different asset of a page or file once, in the order of its text, with the number of its places.
pub(super) fn of_page(assets: &[Asset]) -> Vec<Row<'_>> {
    let mut numbers: HashMap<(Kind, String), usize> = HashMap::new();
    let mut counted: Vec<(&Asset, usize)> = Vec::new();
    for asset in assets {
        let number = *numbers.entry((asset.kind, what(asset))).or_insert(counted.len());
        match counted.get_mut(number) {
            Some((_, count)) => *count += 1,
            None => counted.push((asset, 1)),
        }
    }
    let rows = counted.into_iter().map(|(asset, count)| {
        let more = if count > 1 { format!(", {count} places") } else { String::new() };
        Row { what: what(asset) + &more, place: place(asset), asset }
    });
    rows.collect()
}

/// The first of the paths, and how many more there are.
pub(super) fn some(
    paths: impl IntoIterator<IntoIter: ExactSizeIterator, Item: AsRef<str>>,
) -> String {
    let paths = paths.into_iter();
    let more = paths.len().saturating_sub(MANY);
    let shown: Vec<String> = paths.take(MANY).map(|path| visible(path.as_ref())).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    shown.join(", ") + &more
}

/// Each kind with its assets, each once, and the first place and the number of places.
pub(super) fn by_kind(inventory: &Inventory) -> String {
    let mut kinds: BTreeMap<_, Vec<(&str, &Asset)>> = BTreeMap::new();
    for (path, asset) in inventory.assets() {
        kinds.entry(asset.kind).or_default().push((path, asset));
    }
    let mut text = String::new();
    for (kind, assets) in kinds {
        list(&mut text, kind.as_str(), &assets, what);
    }
    text
}

/// Each origin with the service that it belongs to, and its assets as [`by_kind`] lists them.
pub(super) fn by_origin(inventory: &Inventory) -> String {
    let mut text = String::new();
    for OfOrigin { name, service, assets } in origins(inventory) {
        let service = service.map_or_else(String::new, |service| format!("  {service}"));
        list(&mut text, &(name + &service), &assets, of_kind);
    }
    text
}

/// What only one of several witnesses saw, by witness.
pub(super) fn by_witness(inventory: &Inventory) -> String {
    let mut text = String::new();
    for (number, name) in inventory.witnesses.iter().enumerate() {
        let is_alone = |(_, asset): &(&str, &Asset)| asset.seen_by == [number];
        let alone: Vec<_> = inventory.assets().filter(is_alone).collect();
        list(&mut text, &format!("only in {}", visible(name)), &alone, of_kind);
    }
    if inventory.witnesses.is_empty() {
        text.push_str("there is one witness only: give several, such as a folder and a HAR file\n");
    }
    text
}

/// The assets of an origin, each with the path of the page or file that has it.
pub(super) struct OfOrigin<'a> {
    pub(super) name: String,
    /// The service that it belongs to, if it is one of somebody else.
    pub(super) service: Option<String>,
    pub(super) assets: Vec<(&'a str, &'a Asset)>,
}

/// The assets by where they come from.
pub(super) fn origins(inventory: &Inventory) -> Vec<OfOrigin<'_>> {
    let mut origins: BTreeMap<Origin, Vec<(&str, &Asset)>> = BTreeMap::new();
    for (path, asset) in inventory.assets() {
        origins.entry(origin(asset)).or_default().push((path, asset));
    }
    let named = |(origin, assets): (Origin, Vec<_>)| {
        let service = matches!(origin, Origin::Other(_)).then(|| service(&assets));
        let name = match &origin {
            Origin::Other(origin) => visible(origin),
            Origin::Own => "the site itself".to_owned(),
            Origin::Scheme(scheme) => format!("{}:", visible(scheme)),
            Origin::Inline => "inline".to_owned(),
            Origin::Code => "code that a policy can forbid".to_owned(),
            Origin::Feature => "features of the browser".to_owned(),
            Origin::Unknown => "not told by reading".to_owned(),
        };
        OfOrigin { name, service, assets }
    };
    origins.into_iter().map(named).collect()
}

/// A title with the number of different things, and a line for each with the first place and the number of places.
fn list(
    text: &mut String,
    title: &str,
    assets: &[(&str, &Asset)],
    show: impl Fn(&Asset) -> String,
) {
    let rows = rows(assets, show);
    let _ = writeln!(text, "{title} ({})", rows.len());
    for Row { what, place, .. } in rows {
        let _ = writeln!(text, "  {what}  ({place})");
    }
}

fn of_kind(asset: &Asset) -> String {
    format!("{:<KIND_WIDTH$} {}", asset.kind.as_str(), what(asset))
}

/// One of several assets that are shown the same.
pub(super) struct Row<'a> {
    /// How they are shown.
    pub(super) what: String,
    /// The first place, and the number of others if that is not among how they are shown.
    pub(super) place: String,
    /// The first of them.
    pub(super) asset: &'a Asset,
}

/// Each different asset once, in the order of how they are shown.
pub(super) fn rows<'a>(
    assets: &[(&'a str, &'a Asset)],
    show: impl Fn(&Asset) -> String,
) -> Vec<Row<'a>> {
    let mut rows: BTreeMap<(String, Kind), (usize, &str, &Asset)> = BTreeMap::new();
    for (path, asset) in assets {
        rows.entry((show(asset), asset.kind)).or_insert((0, path, asset)).0 += 1;
    }
    let row = |((what, _), (count, path, asset)): ((String, Kind), (usize, &str, &'a Asset))| {
        let place = if asset.implicit {
            visible(path)
        } else {
            format!("{}:{}", visible(path), self::place(asset))
        };
        let more = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
        Row { what, place: place + &more, asset }
    };
    rows.into_iter().map(row).collect()
}

fn origin(asset: &Asset) -> Origin {
    match &asset.content {
        Content::Inline { .. } => Origin::Inline,
        Content::Code { .. } if is_mere_code(asset.kind) => Origin::Code,
        Content::Module { .. } | Content::Code { .. } => Origin::Unknown,
        Content::Feature { .. } | Content::Policy { .. } => Origin::Feature,
        Content::Relative { .. } => Origin::Own,
        Content::Url(url) if url.starts_with('/') => Origin::Own,
        Content::Url(url) => match Url::parse(url) {
            Ok(url) if url.has_host() => Origin::Other(url.origin().ascii_serialization()),
            Ok(url) => Origin::Scheme(url.scheme().to_owned()),
            Err(_) => Origin::Unknown,
        },
    }
}

/// The services that most of an origin's assets may belong to, and what to know of what is known of them.
fn service(assets: &[(&str, &Asset)]) -> String {
    let urls = assets.iter().filter_map(|(_, asset)| Url::parse(asset.url()?).ok());
    let mut found: BTreeMap<&str, String> = BTreeMap::new();
    for service in urls.flat_map(|url| services::behind(&url)) {
        let caveat = service.confidence.caveat();
        let caveat = caveat.map_or_else(String::new, |caveat| format!(" ({caveat})"));
        found.entry(&service.name).or_insert_with(|| format!("{}{caveat}", service.name));
    }
    if found.is_empty() {
        return "unknown third party".to_owned();
    }
    found.into_values().collect::<Vec<String>>().join(" or ")
}

/// Whether the code is what a policy forbids as such; of other code, reading does not tell what it will give.
const fn is_mere_code(kind: Kind) -> bool {
    matches!(kind, Kind::Eval | Kind::Wasm | Kind::TrustedTypesSink)
}

pub(super) fn place(asset: &Asset) -> String {
    if asset.implicit { "-".to_owned() } else { format!("{}:{}", asset.line, asset.column) }
}

pub(super) fn what(asset: &Asset) -> String {
    match &asset.content {
        Content::Url(url) => visible(url),
        Content::Module { specifier } => {
            format!("{} (where an import map says)", visible(specifier))
        }
        Content::Relative { relative } => format!("{} (relative to the page)", visible(relative)),
        Content::Inline { hash, bytes } => format!("{} ({bytes} bytes)", visible(hash)),
        Content::Code { code } if is_mere_code(asset.kind) => visible(code),
        Content::Code { code } => format!("unresolved: {}", visible(code)),
        Content::Feature { feature: name, delegated_to: None }
        | Content::Policy { policy: name } => visible(name),
        Content::Feature { feature, delegated_to: Some(origin) } => {
            format!("{} in frames of {}", visible(feature), visible(origin))
        }
    }
}
