//! Writes `integrity` into pages (Subresource Integrity, section 3.4).

use super::address::{Base, SiteOrigin};
use super::document::{Element, elements, is_code};
use super::model::Content;
use super::role::is_xml;

/// The page at `path` with `integrity` on each script and style sheet that is the site's own and has none, and with
/// `crossorigin`, without which browsers do not count it for `Integrity-Policy`. All else stays as it is, byte for byte; a page of XML, in
/// which the names may be other ones, does wholly.
///
/// `hash_of` gives the integrity metadata of the file at an address such as `/a.js`, if the site has it.
///
/// ```
/// use cspc_core::inventory::{SiteOrigin, sha256, write_integrity};
/// let page = "<script src=a.js></script><script type=module src=/b.js ></script>";
/// let hash_of = |address: &str| (address == "/shop/a.js").then(|| sha256("1"));
/// let written = write_integrity("/shop/index.html", page, &SiteOrigin::unknown(), hash_of);
/// assert_eq!(
///     written,
///     "<script integrity=\"sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=\" crossorigin=\"anonymous\" src=a.js></script>\
///      <script type=module src=/b.js ></script>"
/// );
/// ```
pub fn write_integrity(
    path: &str,
    page: &str,
    origin: &SiteOrigin,
    hash_of: impl Fn(&str) -> Option<String>,
) -> String {
    if is_xml(path) {
        return page.to_owned();
    }
    let mut base = origin.page_url(path);
    let (mut written, mut done, mut has_base) = (String::with_capacity(page.len()), 0, false);
    for element in elements(page, &["base", "link", "script"]) {
        if element.name == "base" {
            element
                .get("href")
                .filter(|_| !has_base)
                .into_iter()
                .for_each(|href| base.rebase(href));
            has_base |= element.get("href").is_some();
        } else if let Some(hash) = own_file(&element, &base).and_then(|file| hash_of(&file)) {
            let end_of_name = element.span.start + "<".len() + element.name.len();
            written.push_str(page.get(done..end_of_name).unwrap_or_default());
            written.push_str(&attributes(&element, &hash));
            done = end_of_name;
        }
    }
    written + page.get(done..).unwrap_or_default()
}

/// The attributes to be written, a blank before each.
fn attributes(element: &Element, hash: &str) -> String {
    // Modules are asked for by CORS anyway.
    let is_module =
        |name| element.get(name).is_some_and(|value| value.eq_ignore_ascii_case("module"));
    let has_cors = element.get("crossorigin").is_some() || is_module("type");
    let cors = if has_cors { "" } else { " crossorigin=\"anonymous\"" };
    format!(" integrity=\"{hash}\"{cors}")
}

/// The address of the file that the element loads, if it can have integrity and has none.
fn own_file(element: &Element, base: &Base) -> Option<String> {
    let reference = match element.name.as_str() {
        "script" => element.get("src").filter(|_| is_code(element)),
        _ => element.get("href").filter(|_| takes_integrity(element)),
    };
    let reference = reference.filter(|_| element.get("integrity").is_none())?;
    let Some(Content::Url(address)) = base.resolve(reference) else { return None };
    let address = address.split('?').next()?;
    address.starts_with('/').then(|| address.to_owned())
}

/// Whether the `<link>` loads what can have integrity.
fn takes_integrity(link: &Element) -> bool {
    let is_loaded = |kind: &str| match kind.to_ascii_lowercase().as_str() {
        "stylesheet" | "modulepreload" => true,
        "preload" => {
            let what = link.get("as").unwrap_or_default();
            ["script", "style"].iter().any(|known| what.eq_ignore_ascii_case(known))
        }
        _ => false,
    };
    link.get("rel").is_some_and(|kinds| kinds.split_ascii_whitespace().any(is_loaded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_the_sites_own_and_has_none_gets_it() {
        let written = |page: &str| {
            let hash_of = |address: &str| address.ends_with(".js").then(|| "sha256-x".to_owned());
            write_integrity("/a/index.html", page, &SiteOrigin::unknown(), hash_of)
        };
        let unchanged = [
            "<script src=https://cdn.example/a.js></script>",
            "<script integrity src=a.js></script>",
            "<script type=text/template src=a.js></script>",
            "<script>'<script src=a.js>'</script>",
            "<!-- <script src=a.js></script> --><template>é\r\n</template>",
            "<link rel='icon prefetch' href=a.js><link rel=preload as=image href=a.js>",
            "<link rel=stylesheet href=missing.css>",
        ];
        for page in unchanged {
            assert_eq!(written(page), page);
        }
        assert_eq!(
            written(
                "é\r\n<SCRIPT\nsrc=a.js?1 >code</script><LINK crossorigin rel='x PRELOAD' as=Script href=a.js><base href=/>"
            ),
            "é\r\n<SCRIPT integrity=\"sha256-x\" crossorigin=\"anonymous\"\nsrc=a.js?1 >code</script><LINK integrity=\"sha256-x\" crossorigin rel='x PRELOAD' as=Script href=a.js><base href=/>"
        );
    }
}
