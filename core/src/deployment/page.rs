//! A page, and the policies in it.

use super::{Answer, Located};
use crate::csp::Delivery;
use crate::inventory::{MetaPolicy, SiteOrigin, encode, read_page};

/// The policies in a page's `<meta>` elements.
pub(super) fn read(text: &str) -> Answer {
    let page = read_page("/", &encode(text), &SiteOrigin::unknown());
    let mut from = 0;
    let mut fields = Vec::new();
    for MetaPolicy { policy, .. } in &page.meta_policies {
        // Where references were decoded, the policy does not stand in the page as it is.
        let offset = text.get(from..).and_then(|rest| rest.find(policy)).map(|at| from + at);
        from = offset.map_or(from, |offset| offset + policy.len());
        fields.push(Located::policy(policy, Delivery::Meta, offset));
    }
    Answer { fields, html: Some(text.to_owned()), html_at: Some(0), ..Answer::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_not_decoded_twice() {
        let policy = "img-src https://é.example";
        let page = format!(
            "<meta charset=koi8-r><meta http-equiv=Content-Security-Policy content=\"{policy}\">"
        );
        let read = read(&page);
        let [field] = &read.fields[..] else { panic!("{read:?}") };
        assert_eq!((&*field.text, field.offset), (policy, page.find(policy)));
    }
}
