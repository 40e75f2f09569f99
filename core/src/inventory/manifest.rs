//! Web app manifests: the images that a browser loads when the app is installed.

use serde_json::Value;

use super::model::Mistake;
use super::script_data;

/// An image, by its address as written and where in the file that stands first.
pub(super) struct Image {
    pub(super) url: String,
    pub(super) offset: usize,
}

/// The images of a manifest; `img-src` governs them (Web Application Manifest, "Content security policy").
///
/// # Errors
/// If it is no JSON object.
pub(super) fn images(text: &str) -> Result<Vec<Image>, Mistake> {
    let manifest = script_data::parse(text)?;
    let list = |holder: &Value, name: &str| {
        holder.get(name).and_then(Value::as_array).cloned().unwrap_or_default()
    };
    let mut images = [list(&manifest, "icons"), list(&manifest, "screenshots")].concat();
    for holder in [list(&manifest, "shortcuts"), list(&manifest, "file_handlers")].concat() {
        images.extend(list(&holder, "icons"));
    }
    let image = |image: &Value| {
        let url = image.get("src")?.as_str()?.to_owned();
        let offset = memchr::memmem::find(text.as_bytes(), url.as_bytes()).unwrap_or_default();
        Some(Image { url, offset })
    };
    Ok(images.iter().filter_map(image).collect())
}

#[cfg(test)]
mod tests {
    use super::super::{Inventory, Links, Reader, SiteOrigin};

    #[test]
    fn a_page_that_names_a_manifest_loads_its_images() {
        let reader = Reader::new(SiteOrigin::unknown());
        let manifest = "{\"icons\":[{\"src\":\"i.png\"},{}],\"screenshots\":[{\"src\":\"https://cdn.example/s.png\"}],\n\
                        \"shortcuts\":[{\"icons\":[{\"src\":\"/j.png\"}]}],\"start_url\":\"no\"}";
        let files = [
            ("/index.html", "<link rel=manifest href=app/site.webmanifest>"),
            ("/app/site.webmanifest", manifest),
            ("/bad/manifest.json", "{\n \"icons\": [}"),
        ];
        let sources = files.iter().filter_map(|(path, text)| reader.read(path, text.as_bytes()));
        let inventory = Inventory::of(None, sources);
        let [file] = Links::new(&inventory).loaded_by(&inventory.pages[0])[..] else { panic!() };
        let images: Vec<_> =
            file.assets.iter().map(|asset| (asset.url().unwrap(), asset.line)).collect();
        assert_eq!(images, [("/app/i.png", 1), ("https://cdn.example/s.png", 1), ("/j.png", 2)]);
        let unread = inventory.manifests[1].unread.as_ref().unwrap();
        assert_eq!((unread.line, unread.column), (2, 12));
    }
}
