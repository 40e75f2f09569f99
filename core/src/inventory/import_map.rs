//! Where modules are that scripts import, as import maps say (HTML, section 8.1.6.2, "Import maps").

use std::collections::BTreeSet;

use url::Url;

use super::address::SiteOrigin;
use super::model::{Content, Import, Page};

impl Page {
    /// The addresses of the modules that a script at the address `importer` imports by this name, or in place of the one at
    /// this address, as the import maps of the page and of its frames with `srcdoc` say.
    ///
    /// ```
    /// use cspc_core::inventory::{SiteOrigin, read_page};
    /// let page = b"<script type=importmap>{\"imports\":{\"a\":\"/a.js\",\"b/\":\"https://cdn.example/b/\"}}</script>";
    /// let page = read_page("/index.html", page, &SiteOrigin::unknown());
    /// assert_eq!(page.modules("a", "/js/app.js"), ["/a.js".into()].into());
    /// assert_eq!(page.modules("b/c.js", "/js/app.js"), ["https://cdn.example/b/c.js".into()].into());
    /// assert!(page.modules("c", "/js/app.js").is_empty());
    /// ```
    pub fn modules(&self, specifier: &str, importer: &str) -> BTreeSet<Box<str>> {
        let frames: BTreeSet<usize> = self.imports.iter().map(|import| import.frame).collect();
        let resolved =
            frames.into_iter().map(|frame| resolve(&self.imports, frame, specifier, importer));
        let known = resolved.filter_map(|resolved| match resolved {
            Resolved::Address(address) => Some(address),
            Resolved::Nothing | Resolved::Unmapped => None,
        });
        known.collect()
    }
}

/// What an import map makes of a specifier.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Resolved {
    /// The module at this address.
    Address(Box<str>),
    /// Nothing: the import fails.
    Nothing,
    /// It does not say.
    Unmapped,
}

/// HTML, "resolve a module specifier", in one document of a page: the narrowest scope counts that knows the specifier, in
/// it the longest entry, and of entries for the same the first. A specifier that is a URL is given as an address.
pub(super) fn resolve(
    imports: &[Import],
    frame: usize,
    specifier: &str,
    importer: &str,
) -> Resolved {
    let found = imports
        .iter()
        .rev()
        .filter(|import| import.frame == frame && holds_for(import, importer))
        .filter_map(|import| Some((import, rest(import, specifier)?)));
    let length = |import: &Import| (import.scope.as_ref().map(|s| s.len()), import.specifier.len());
    match found.max_by_key(|(import, _)| length(import)) {
        None => Resolved::Unmapped,
        Some((import, rest)) => address(import, rest).map_or(Resolved::Nothing, Resolved::Address),
    }
}

fn holds_for(import: &Import, importer: &str) -> bool {
    import.scope.as_deref().is_none_or(|scope| {
        scope == importer || scope.ends_with('/') && importer.starts_with(scope)
    })
}

/// What of the specifier follows what the entry knows of it (HTML, "resolve an imports match").
fn rest<'s>(import: &Import, specifier: &'s str) -> Option<&'s str> {
    let rest = specifier.strip_prefix(&import.specifier)?;
    let may_have_more = || Url::parse(specifier).map_or(true, |url| url.is_special());
    let takes_more = import.specifier.ends_with('/') && may_have_more();
    (rest.is_empty() || takes_more).then_some(rest)
}

/// The address of the entry, and of what follows it there; none outside of it.
fn address(import: &Import, rest: &str) -> Option<Box<str>> {
    let url = import.url.as_ref()?;
    if rest.is_empty() {
        return Some(url.clone());
    }
    match SiteOrigin::unknown().base(url).resolve(rest)? {
        Content::Url(address) => Some(address).filter(|address| address.starts_with(&**url)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use crate::inventory::{Asset, Content, Inventory, Kind, Links, Page, Reader, SiteOrigin};

    /// What scripts at the second address import by the first in `/shop/index.html`.
    fn assert_modules(page: &str, cases: &[(&str, &str, Option<&str>)]) {
        let page = Reader::new(SiteOrigin::unknown()).page("/shop/index.html", page.as_bytes());
        for (specifier, importer, expected) in cases {
            let found = page.modules(specifier, importer);
            assert!(
                found.iter().map(|address| &**address).eq(*expected),
                "{specifier} in {importer}"
            );
        }
    }

    #[test]
    fn names_are_those_of_the_page_that_runs_the_script() {
        let map = "{\"imports\":{\"a\":\"./lib/a.js\",\"b/\":\"./lib/b/\",\"c\":\"https://cdn.example/c.js\",\"b/x.js\":\"/x.js\",\"d/\":\"/d\"},\
                   \"scopes\":{\"app/\":{\"a\":\"/scoped.js\"},\"app/old/\":{\"a\":\"/old.js\"},\"/one.js\":{\"b/\":\"/one/\"}}}";
        let page = format!(
            "<script type=importmap>{map}</script><script type=importmap>{{\"imports\":{{\"a\":\"/late.js\",\"e\":\"/e.js\"}}}}</script>"
        );
        let cases: [(&str, &str, Option<&str>); 12] = [
            ("a", "/x.js", Some("/shop/lib/a.js")),
            ("a", "/shop/app/x.js", Some("/scoped.js")),
            ("a", "/shop/app/old/x.js", Some("/old.js")),
            ("a/", "/x.js", None),
            ("b/c/d.js", "/x.js", Some("/shop/lib/b/c/d.js")),
            ("b/x.js", "/x.js", Some("/x.js")),
            ("b/x.js", "/one.js", Some("/one/x.js")),
            ("b/x.js", "/one.js/two.js", Some("/x.js")),
            ("c", "/x.js", Some("https://cdn.example/c.js")),
            ("d/x.js", "/x.js", None),
            ("e", "/x.js", Some("/e.js")),
            ("f", "/x.js", None),
        ];
        assert_modules(&page, &cases);
    }

    #[test]
    fn urls_are_mapped_as_names_are_and_a_name_may_stand_for_nothing() {
        let map = "{\"imports\":{\"./old.js\":\"./new.js\",\"https://cdn.example/\":\"/vendor/\",\"/vendor/b.js\":\"https://b.example/\",\
                   \"a/\":\"/a/\",\"a/no/\":null,\"data:x/\":\"/data/\",\"\":\"/empty.js\"},\"scopes\":{\"./app/\":{\"./old.js\":\"./old.js\"}}}";
        let page = format!("<script type=importmap>{map}</script>");
        let cases: [(&str, &str, Option<&str>); 10] = [
            ("/shop/old.js", "/shop/x.js", Some("/shop/new.js")),
            ("/shop/old.js", "/shop/app/x.js", Some("/shop/old.js")),
            ("/shop/new.js", "/shop/x.js", None),
            ("https://cdn.example/d/e.js", "/x.js", Some("/vendor/d/e.js")),
            ("/vendor/b.js", "/x.js", Some("https://b.example/")),
            ("a/b.js", "/x.js", Some("/a/b.js")),
            ("a/../b.js", "/x.js", None),
            ("a/no/b.js", "/x.js", None),
            ("data:x/y", "/x.js", None),
            ("", "/x.js", None),
        ];
        assert_modules(&page, &cases);
    }

    #[test]
    fn each_document_has_an_import_map_of_its_own() {
        let map = |url: &str| {
            format!(
                "<script type=importmap>{{\"imports\":{{\"a\":\"{url}\",\"/b.js\":\"{url}\"}}}}</script>"
            )
        };
        let module = "<script type=module>import \"a\";import \"/b.js\"</script>";
        let page = format!(
            "{}<iframe srcdoc='{}{module}'></iframe><iframe srcdoc='{module}'></iframe>{module}",
            map("/page.js"),
            map("/frame.js"),
        );
        let page = Reader::new(SiteOrigin::unknown()).page("/index.html", page.as_bytes());
        let is_module = |asset: &&Asset| asset.kind == Kind::Script;
        let mut imported: BTreeMap<usize, Vec<&Content>> = BTreeMap::new();
        for asset in page.assets.iter().filter(is_module) {
            imported.entry(asset.column).or_default().push(&asset.content);
        }
        let name = Content::Module { specifier: "a".into() };
        let [of_page, of_frame, unmapped] =
            ["/page.js", "/frame.js", "/b.js"].map(|url| Content::Url(url.into()));
        let frame = [&of_frame, &of_frame, &of_frame];
        let expected: [&[&Content]; 4] =
            [&[&of_page, &of_page], &frame, &[&name, &unmapped], &[&of_page]];
        assert!(imported.values().map(Vec::as_slice).eq(expected), "{imported:?}");
        let both = ["/frame.js".into(), "/page.js".into()];
        assert_eq!(page.modules("a", "/x.js"), both.into());
    }

    #[test]
    fn what_stands_for_nothing_is_a_name_without_an_address() {
        let page = "<script type=importmap>{\"imports\":{\"a\":null,\"/b.js\":\"no URL\"}}</script>\
                    <script type=module>import \"a\";import \"/b.js\"</script>";
        let page = Reader::new(SiteOrigin::unknown()).page("/index.html", page.as_bytes());
        let imported = page.assets.iter().filter(|asset| asset.is_import());
        let names = ["a", "/b.js"].map(|name| Content::Module { specifier: name.into() });
        assert!(imported.map(|asset| &asset.content).eq(&names));
    }

    /// Browsers ask `connect-src` for JSON and `style-src` for style sheets that modules import.
    #[test]
    fn what_a_map_names_is_what_its_name_says() {
        let page = "<script type=importmap>{\"imports\":{\"a\":\"/a.json?1\",\"b\":\"/b.css\",\"c\":\"/c.js\"}}</script>";
        let page = Reader::new(SiteOrigin::unknown()).page("/index.html", page.as_bytes());
        let named = page.assets.iter().filter(|asset| !asset.implicit);
        let named = named.filter_map(|asset| Some((asset.kind, asset.url()?)));
        let expected =
            [(Kind::Connect, "/a.json?1"), (Kind::Style, "/b.css"), (Kind::Script, "/c.js")];
        assert!(named.eq(expected), "{page:?}");
    }

    #[test]
    fn a_page_loads_what_its_scripts_import_by_name() {
        let files = [
            (
                "/index.html",
                "<script type=importmap>{\"imports\":{\"lib/\":\"/v/\",\"/w/\":\"/v/\"}}</script><script type=module src=app.js></script>",
            ),
            ("/other.html", "<script type=module src=app.js></script>"),
            ("/app.js", "import 'lib/a.js'"),
            ("/v/a.js", "import('lib/b.js')"),
            ("/v/b.js", "import '/w/d.js'"),
            ("/v/d.js", "fetch('/data')"),
            ("/v/unused.js", "fetch('/no')"),
        ];
        assert_eq!(
            loaded(&files),
            [vec!["/app.js", "/v/a.js", "/v/b.js", "/v/d.js"], vec!["/app.js"]]
        );
    }

    /// Of a folder it does not tell what in it is a script, but those who import by its name do.
    #[test]
    fn what_is_in_a_folder_that_a_map_names_is_what_it_is_imported_as() {
        let map = "{\"imports\":{\"a/\":\"https://a.example/\",\"one\":\"/one.json\"},\"scopes\":{\"/sub/\":{\"a/\":\"/b/\"}}}";
        let page = format!(
            "<script type=importmap>{map}</script><script type=module src=a.js></script>\
             <script type=module src=/sub/b.js></script>"
        );
        let json =
            "import x from 'a/x.json' with { type: 'json' }; import 'one' with { type: 'json' };";
        let css = "import x from 'a/x.css' with { type: 'css' }; import 'a/x.js';";
        let files = [
            ("/index.html", page.as_str()),
            ("/a.js", json),
            ("/sub/b.js", css),
            ("/other.html", "<script type=module src=a.js></script>"),
        ];
        let inventory = inventory(&files);
        let data = |page: &Page| -> Vec<(Kind, String)> {
            let data = page.assets.iter().filter(|asset| asset.kind != Kind::Image);
            let data = data.filter(|asset| asset.implicit || asset.kind == Kind::Connect);
            data.filter_map(|asset| Some((asset.kind, asset.url()?.to_owned()))).collect()
        };
        let expected = [
            (Kind::Connect, "/one.json".to_owned()),
            (Kind::Connect, "https://a.example/x.json".to_owned()),
            (Kind::Style, "/b/x.css".to_owned()),
        ];
        let pages: Vec<_> = inventory.pages.iter().map(data).collect();
        assert_eq!(pages, [expected.to_vec(), Vec::new()]);
        // To do it once more adds nothing.
        let again = inventory.clone().with_scripts(inventory.scripts.clone());
        assert_eq!(again.pages, inventory.pages);
    }

    #[test]
    fn a_script_imports_by_the_map_of_the_document_that_runs_it() {
        let map = |key: &str, to: &str| {
            format!("<script type=importmap>{{\"imports\":{{\"{key}\":{to}}}}}</script>")
        };
        let run = |script: &str| format!("<script type=module src={script}></script>");
        let frame = |markup: &str| format!("<iframe srcdoc='{markup}'></iframe>");
        let [to_a, to_b] = ["\"/a/\"", "\"/b/\""].map(|to| map("m/", to));
        let [app, by_url, made] = ["app.js", "url.js", "made.js"].map(run);
        let pages = [
            format!("{to_a}{app}{}", frame(&to_b)),
            format!("{to_a}{}", frame(&(to_b.clone() + &app))),
            format!("{to_a}{}", frame(&app)),
            format!("{to_a}{app}{}", frame(&(to_b + &app))),
            format!("{}{by_url}", map("/a/", "null")),
            format!("{}{made}", map("/a/", "null")),
        ];
        let scripts = [
            ("/app.js", "import 'm/x.js'"),
            ("/url.js", "import '/a/x.js'"),
            ("/made.js", "let s=document.createElement('script');s.type='module';s.src='/a/x.js';"),
            ("/a/x.js", ""),
            ("/b/x.js", ""),
        ];
        let paths = ["/0.html", "/1.html", "/2.html", "/3.html", "/4.html", "/5.html"];
        let pages = paths.iter().copied().zip(pages.iter().map(String::as_str));
        let expected = [
            vec!["/app.js", "/a/x.js"],
            vec!["/app.js", "/b/x.js"],
            vec!["/app.js"],
            vec!["/app.js", "/a/x.js", "/b/x.js"],
            vec!["/url.js"],
            vec!["/made.js", "/a/x.js"],
        ];
        assert_eq!(loaded(&pages.chain(scripts).collect::<Vec<_>>()), expected);
    }

    fn inventory(files: &[(&str, &str)]) -> Inventory {
        let reader = Reader::new(SiteOrigin::unknown());
        let sources = files.iter().filter_map(|(path, text)| reader.read(path, text.as_bytes()));
        Inventory::of(None, sources)
    }

    /// The files that each page of a site loads.
    fn loaded(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let inventory = inventory(files);
        let links = Links::new(&inventory);
        let loaded = |page| links.loaded_by(page).iter().map(|file| file.path.clone()).collect();
        inventory.pages.iter().map(loaded).collect()
    }
}
