//! What several witnesses saw of one site, put together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::address::SiteOrigin;
use super::links::{Links, Loaded};
use super::model::{Asset, Content, File, Inventory, Kind, Page};

impl Inventory {
    /// Puts together what these witnesses saw, each with its name: folders, recordings, earlier inventories. Each asset
    /// says which of them saw it, unless there is but one.
    ///
    /// A page that a recording has by `/a/` or `/a` is the file `/a/index.html` or `/a.html` of a folder.
    #[must_use]
    pub fn merge(mut witnesses: Vec<(String, Self)>) -> Self {
        if witnesses.len() == 1
            && let Some((_, only)) = witnesses.pop()
        {
            return only;
        }
        let all = witnesses.iter().flat_map(|(_, inventory)| &inventory.pages);
        let paths: BTreeSet<String> = all.map(|page| page.path.clone()).collect();
        let mut merged = Merged::default();
        let mut names = Vec::new();
        let mut origin = None;
        for (number, (name, inventory)) in witnesses.into_iter().enumerate() {
            names.push(name);
            origin = origin.or(inventory.origin);
            for page in inventory.pages {
                merged.page(Page { path: file_of(page.path, &paths), ..page }, number);
            }
            for sheet in inventory.style_sheets {
                add_file(&mut merged.style_sheets, sheet, number);
            }
            for script in inventory.scripts {
                add_file(&mut merged.scripts, script, number);
            }
            for manifest in inventory.manifests {
                add_file(&mut merged.manifests, manifest, number);
            }
        }
        let mut inventory = Self::new(
            origin,
            merged.pages.into_values().collect(),
            merged.style_sheets.into_values().collect(),
        );
        inventory.scripts = merged.scripts.into_values().collect();
        inventory.manifests = merged.manifests.into_values().collect();
        inventory.witnesses = names;
        inventory.explain();
        // Of each page anew: what one witness has as a file, another may load.
        inventory.add_imported_data();
        inventory
    }

    /// Requests that a recording shows without a place are those of the files that the page loads, where these name
    /// them, be it by the name of a module or relative to the page.
    fn explain(&mut self) {
        let links = Links::new(self);
        let mut seen: Vec<(String, Kind, Content, Vec<usize>)> = Vec::new();
        let mut explained: Vec<BTreeSet<usize>> = Vec::new();
        for page in &self.pages {
            let base = SiteOrigin::unknown().base(page.base());
            let requests = requests(page);
            let mut own = BTreeSet::new();
            for Loaded { file, map } in links.loads(page) {
                for asset in &file.assets {
                    let Some(requests) = requests.get(&asset.kind) else { continue };
                    let address = page.address(asset, &file.path, map, &base);
                    let named = address.and_then(|address| requests.get(&*address));
                    for (index, witnesses) in named.into_iter().flatten() {
                        own.insert(*index);
                        let (content, witnesses) = (asset.content.clone(), witnesses.to_vec());
                        seen.push((file.path.clone(), asset.kind, content, witnesses));
                    }
                }
            }
            explained.push(own);
        }
        for (page, explained) in self.pages.iter_mut().zip(explained) {
            let mut index = 0..;
            page.assets.retain(|_| index.next().is_none_or(|index| !explained.contains(&index)));
        }
        for (path, kind, content, witnesses) in seen {
            let files = self.style_sheets.iter_mut().chain(&mut self.scripts);
            let files = files.chain(&mut self.manifests);
            for file in files.filter(|file| file.path == path) {
                for asset in file.assets.iter_mut() {
                    if asset.kind == kind && asset.content == content {
                        asset.add_witnesses(&witnesses);
                    }
                }
            }
        }
    }
}

/// Requests by kind and address: the number of each, and who saw it.
type Requests<'a> = HashMap<Kind, HashMap<&'a str, Vec<(usize, &'a [usize])>>>;

/// The requests of the page that a recording shows without a place.
fn requests(page: &Page) -> Requests<'_> {
    let mut requests = Requests::new();
    for (index, asset) in page.assets.iter().enumerate().filter(|(_, asset)| asset.implicit) {
        if let Some(url) = asset.url() {
            let of_kind = requests.entry(asset.kind).or_default();
            of_kind.entry(url).or_default().push((index, asset.seen_by.as_slice()));
        }
    }
    requests
}

impl Asset {
    pub(super) fn add_witnesses(&mut self, witnesses: &[usize]) {
        self.seen_by.extend(witnesses);
        self.seen_by.sort_unstable();
        self.seen_by.dedup();
    }
}

#[derive(Default)]
struct Merged {
    pages: BTreeMap<String, Page>,
    style_sheets: BTreeMap<String, File>,
    scripts: BTreeMap<String, File>,
    manifests: BTreeMap<String, File>,
}

impl Merged {
    fn page(&mut self, mut page: Page, witness: usize) {
        page.assets.iter_mut().for_each(|asset| asset.seen_by = vec![witness]);
        match self.pages.get_mut(&page.path) {
            Some(known) => {
                absorb(&mut known.assets, page.assets);
                // Of a witness that saw no text of the page, these are not known.
                if known.imports.is_empty() {
                    known.imports = page.imports;
                }
                known.unread = known.unread.take().or(page.unread);
                let more = page.meta_policies.into_iter();
                let more: Vec<_> = more
                    .filter(|own| {
                        known.meta_policies.iter().all(|other| other.policy != own.policy)
                    })
                    .collect();
                known.meta_policies.extend(more);
            }
            None => {
                self.pages.insert(page.path.clone(), page);
            }
        }
    }
}

fn add_file(files: &mut BTreeMap<String, File>, mut file: File, witness: usize) {
    file.assets.iter_mut().for_each(|asset| asset.seen_by = vec![witness]);
    match files.get_mut(&file.path) {
        Some(known) => absorb(&mut known.assets, file.assets),
        None => {
            files.insert(file.path.clone(), file);
        }
    }
}

/// Adds assets to those known, or their witnesses where they are known.
fn absorb(known: &mut Vec<Asset>, more: Vec<Asset>) {
    let mut places: HashMap<(Kind, Content), Vec<usize>> = HashMap::new();
    for (index, asset) in known.iter().enumerate() {
        places.entry((asset.kind, asset.content.clone())).or_default().push(index);
    }
    for asset in more {
        match places.get(&(asset.kind, asset.content.clone())) {
            None => known.push(asset),
            Some(indices) => {
                for index in indices {
                    if let Some(known) = known.get_mut(*index) {
                        known.add_witnesses(&asset.seen_by);
                    }
                }
            }
        }
    }
}

/// The file that answers for the path of a page.
fn file_of(path: String, files: &BTreeSet<String>) -> String {
    let folder = path.strip_suffix('/').unwrap_or(&path);
    let names = [format!("{folder}/index.html"), format!("{folder}.html")];
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    names.into_iter().find(|name| !is_file && files.contains(name)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inventory::{Reader, SiteOrigin, read_har};

    fn folder() -> Inventory {
        let reader = Reader::new(SiteOrigin::unknown());
        let page = "<link rel=stylesheet href=s.css><script src=a.js></script><img src=unused.png>";
        let pages = vec![reader.page("/shop/index.html", page.as_bytes())];
        let sheets = vec![reader.style_sheet("/shop/s.css", b"p{background:url(b.png)}")];
        let scripts = vec![reader.script("/shop/a.js", b"fetch(unknown)")];
        Inventory::new(None, pages, sheets).with_scripts(scripts)
    }

    fn har(entries: &str) -> Inventory {
        let har = format!(r#"{{"log":{{"entries":[{entries}]}}}}"#);
        read_har(har.as_bytes(), &Reader::new(SiteOrigin::unknown())).unwrap()
    }

    #[test]
    fn each_asset_says_who_saw_it() {
        let recorded = har(
            r#"{"pageref":"p","_resourceType":"document","request":{"url":"https://shop.example/shop/"},"response":{"content":{"mimeType":"text/html; charset=utf-8"}}},
               {"pageref":"p","_resourceType":"script","request":{"url":"https://shop.example/shop/a.js"}},
               {"pageref":"p","request":{"url":"https://shop.example/shop/b.png"},"response":{"content":{"mimeType":"image/png"}}},
               {"pageref":"p","request":{"url":"https://api.example/v1","headers":[{"name":"Sec-Fetch-Dest","value":"empty"}]}},
               {"pageref":"other","request":{"url":"https://no.example/"},"response":{}}"#,
        );
        let merged = Inventory::merge(vec![("dist".into(), folder()), ("a.har".into(), recorded)]);
        assert_eq!(merged.witnesses, ["dist", "a.har"]);
        assert_eq!(merged.origin.as_deref(), Some("https://shop.example"));
        let [page] = merged.pages.as_slice() else { panic!("{:?}", merged.pages) };
        assert_eq!(page.path, "/shop/index.html");
        let shown = |asset: &Asset| format!("{} {:?}", asset.url().unwrap_or("-"), asset.seen_by);
        let own: Vec<String> = page.assets.iter().map(shown).collect();
        let expected = [
            "/shop/s.css [0]",
            "/favicon.ico [0, 1]",
            "/shop/a.js [0, 1]",
            "/shop/unused.png [0]",
            "https://api.example/v1 [1]",
        ];
        assert_eq!(own, expected);
        let in_sheet: Vec<String> = merged.style_sheets[0].assets.iter().map(shown).collect();
        assert_eq!(in_sheet, ["/shop/b.png [0, 1]"]);
    }

    #[test]
    fn what_files_name_is_known_in_a_recording_by_its_address() {
        let reader = Reader::new(SiteOrigin::unknown());
        let page = "<script type=importmap>{\"imports\":{\"m/\":\"/v/\"}}</script><script type=module src=app.js></script>";
        let scripts = vec![
            reader.script("/a/app.js", b"import 'm/x.js';fetch('data')"),
            reader.script("/v/x.js", b""),
        ];
        let pages = vec![reader.page("/a/index.html", page.as_bytes())];
        let folder = Inventory::new(None, pages, Vec::new()).with_scripts(scripts);
        let recorded = har(
            r#"{"request":{"url":"https://shop.example/a/"},"response":{"content":{"mimeType":"text/html"}}},
               {"_resourceType":"script","request":{"url":"https://shop.example/v/x.js"}},
               {"_resourceType":"fetch","request":{"url":"https://shop.example/a/data"}}"#,
        );
        let merged =
            Inventory::merge(vec![("folder".into(), folder), ("visit.har".into(), recorded)]);
        let in_script = merged.scripts[0].assets.iter().map(|asset| &asset.seen_by[..]);
        assert!(in_script.eq([[0, 1], [0, 1]]), "{merged:?}");
        assert!(merged.pages[0].assets.iter().all(|asset| asset.seen_by != [1]), "{merged:?}");
    }

    #[test]
    fn bodies_in_an_archive_are_read() {
        let recorded = har(
            r#"{"request":{"url":"https://shop.example/"},"response":{"content":{"mimeType":"text/html","text":"<script>1</script><script src=/a.js></script>"}}},
               {"request":{"url":"https://shop.example/a.js"},"response":{"content":{"mimeType":"text/javascript","encoding":"base64","text":"ZmV0Y2goIi9iIik="}}}"#,
        );
        assert_eq!(recorded.pages[0].assets.len(), 3);
        assert_eq!(recorded.scripts[0].assets[0].url(), Some("/b"));
    }

    #[test]
    fn what_a_recorded_object_shows_is_a_frame_unless_it_is_an_image() {
        let entry = |(url, mode): (&str, &str)| {
            format!(
                r#",{{"request":{{"url":"https://shop.example/{url}","headers":[
                    {{"name":"Sec-Fetch-Dest","value":"object"}},{{"name":"Sec-Fetch-Mode","value":"{mode}"}}]}}}}"#
            )
        };
        // Chromium asks for images as such, in whatever way it knows them; Firefox navigates to all.
        let entries = [("a.svg", "navigate"), ("b", "no-cors"), ("c.png", "navigate")].map(entry);
        let recorded = har(&format!(
            r#"{{"request":{{"url":"https://shop.example/"}},"response":{{"content":{{"mimeType":"text/html"}}}}}}{}"#,
            entries.concat()
        ));
        let shown =
            |asset: &Asset| format!("{} {}", asset.kind.as_str(), asset.url().unwrap_or("-"));
        let shown: Vec<String> = recorded.pages[0].assets.iter().map(shown).collect();
        let expected =
            ["image /favicon.ico", "object /a.svg", "frame /a.svg", "object /b", "object /c.png"];
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_recorded_as_text_was_decoded_before() {
        let archive = r#"{"log":{"entries":[{"_resourceType":"document","request":{"url":"https://site.example/"},
            "response":{"content":{"mimeType":"text/html","text":"<meta charset=koi8-r><script>Ж</script>"}}}]}}"#;
        let recorded = read_har(archive.as_bytes(), &Reader::new(SiteOrigin::unknown())).unwrap();
        let expected = Content::Inline { hash: crate::inventory::sha256("Ж"), bytes: 2 };
        assert!(recorded.assets().any(|(_, asset)| asset.content == expected), "{recorded:?}");
    }

    #[test]
    fn what_a_worker_does_is_counted_once() {
        let reader = Reader::new(SiteOrigin::unknown());
        let page = reader
            .page("/a.html", b"<link rel=icon href=data:,><script>new Worker('/w.js')</script>");
        let scripts = vec![reader.script("/w.js", b"fetch('/x')")];
        let inventory = Inventory::new(None, vec![page], Vec::new()).with_scripts(scripts);
        // The icon, the script, its worker, the string that names it, and what the worker asks for.
        assert_eq!((inventory.pages.len(), inventory.asset_count()), (2, 5));
    }

    #[test]
    fn an_archive_that_is_none_is_refused() {
        for bad in [
            "",
            "{}",
            "[]",
            "{\"log\":{}}",
            r#"{"log":{"entries":[{},{"request":{}}]}}"#,
            "{\"log\":{\"entries\":[{\"req",
        ] {
            assert!(
                read_har(bad.as_bytes(), &Reader::new(SiteOrigin::unknown())).is_err(),
                "{bad}"
            );
        }
    }
}
