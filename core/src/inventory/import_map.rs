//! Where modules are that scripts import by a name (HTML, section 8.1.6.2, "Import maps").

use super::model::{Import, Page};

impl Page {
    /// The address of the module that a script at the address `importer` imports by this name, as the page's import map
    /// says.
    ///
    /// ```
    /// use cspc_core::inventory::{SiteOrigin, read_page};
    /// let page = b"<script type=importmap>{\"imports\":{\"a\":\"/a.js\",\"b/\":\"https://cdn.example/b/\"}}</script>";
    /// let page = read_page("/index.html", page, &SiteOrigin::unknown());
    /// assert_eq!(page.module("a", "/js/app.js").as_deref(), Some("/a.js"));
    /// assert_eq!(page.module("b/c.js", "/js/app.js").as_deref(), Some("https://cdn.example/b/c.js"));
    /// assert_eq!(page.module("c", "/js/app.js"), None);
    /// ```
    pub fn module(&self, specifier: &str, importer: &str) -> Option<Box<str>> {
        resolve(&self.imports, specifier, importer)
    }
}

/// HTML, "resolve a module specifier", for one that is no URL: the narrowest scope counts that knows the name, in it the
/// longest entry, and of entries for the same the first.
pub(super) fn resolve(imports: &[Import], specifier: &str, importer: &str) -> Option<Box<str>> {
    let found = imports
        .iter()
        .rev()
        .filter(|import| holds_for(import, importer))
        .filter_map(|import| Some((import, rest(import, specifier)?)));
    let length = |import: &Import| (import.scope.as_ref().map(|s| s.len()), import.specifier.len());
    let (import, rest) = found.max_by_key(|(import, _)| length(import))?;
    Some(format!("{}{rest}", import.url).into_boxed_str())
}

fn holds_for(import: &Import, importer: &str) -> bool {
    import.scope.as_deref().is_none_or(|scope| {
        scope == importer || scope.ends_with('/') && importer.starts_with(scope)
    })
}

/// What of the name follows what the entry knows of it (HTML, "resolve an imports match").
fn rest<'s>(import: &Import, specifier: &'s str) -> Option<&'s str> {
    let rest = specifier.strip_prefix(&import.specifier)?;
    let takes_more = import.specifier.ends_with('/') && import.url.ends_with('/');
    (rest.is_empty() || takes_more).then_some(rest)
}

#[cfg(test)]
mod tests {
    use crate::inventory::{Inventory, Links, Reader, SiteOrigin};

    #[test]
    fn names_are_those_of_the_page_that_runs_the_script() {
        let map = "{\"imports\":{\"a\":\"./lib/a.js\",\"b/\":\"./lib/b/\",\"c\":\"https://cdn.example/c.js\",\"b/x.js\":\"/x.js\",\"d/\":\"/d\"},\
                   \"scopes\":{\"app/\":{\"a\":\"/scoped.js\"},\"app/old/\":{\"a\":\"/old.js\"},\"/one.js\":{\"b/\":\"/one/\"}}}";
        let page = format!(
            "<script type=importmap>{map}</script><script type=importmap>{{\"imports\":{{\"a\":\"/late.js\",\"e\":\"/e.js\"}}}}</script>"
        );
        let page = Reader::new(SiteOrigin::unknown()).page("/shop/index.html", page.as_bytes());
        let cases = [
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
        for (specifier, importer, expected) in cases {
            assert_eq!(
                page.module(specifier, importer).as_deref(),
                expected,
                "{specifier} in {importer}"
            );
        }
    }

    #[test]
    fn a_page_loads_what_its_scripts_import_by_name() {
        let files = [
            (
                "/index.html",
                "<script type=importmap>{\"imports\":{\"lib/\":\"/v/\"}}</script><script type=module src=app.js></script>",
            ),
            ("/other.html", "<script type=module src=app.js></script>"),
            ("/app.js", "import 'lib/a.js'"),
            ("/v/a.js", "import('lib/b.js')"),
            ("/v/b.js", "fetch('/data')"),
            ("/v/unused.js", "fetch('/no')"),
        ];
        let reader = Reader::new(SiteOrigin::unknown());
        let sources = files.iter().filter_map(|(path, text)| reader.read(path, text.as_bytes()));
        let inventory = Inventory::of(None, sources);
        let links = Links::new(&inventory);
        let loaded = |page: usize| -> Vec<&str> {
            let files = links.loaded_by(&inventory.pages[page]);
            files.into_iter().map(|file| file.path.as_str()).collect()
        };
        assert_eq!(loaded(0), ["/app.js", "/v/a.js", "/v/b.js"]);
        assert_eq!(loaded(1), ["/app.js"]);
    }
}
