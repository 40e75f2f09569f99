//! What is known of a response: its header fields, and the policies in its page.

use std::borrow::Cow;

use crate::csp::Delivery;

/// What a response says in its headers and its page.
#[derive(Clone, Debug, Default)]
pub struct Response<'a> {
    /// Its headers and `<meta>` policies, in their order.
    pub fields: Vec<Field<'a>>,
    /// How much of it is known.
    pub extent: Extent,
}

/// How much of a response is known, and so what is known to be missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Extent {
    /// A part of a policy, such as a browser's console quotes.
    Excerpt,
    /// Whole policies; the response may have other headers.
    #[default]
    Policies,
    /// All headers.
    Head,
}

/// A header, a policy in a `<meta>`, or the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field<'a> {
    /// A policy, or a list of policies.
    Policy {
        /// The header's value, or the content of the `<meta>`.
        text: &'a str,
        /// How it reaches the browser.
        delivery: Delivery,
    },
    /// Another header.
    Header {
        /// Its name.
        name: &'a str,
        /// Its value.
        value: &'a str,
    },
    /// The page itself.
    Page {
        /// All of its text.
        html: &'a str,
        /// Its address, where it is known.
        url: Option<&'a str>,
    },
}

impl<'a> Field<'a> {
    /// The header of this name: a policy, if it is one that holds policies.
    ///
    /// ```
    /// use cspc_core::csp::Delivery;
    /// use cspc_core::response::Field;
    /// let field = Field::header("content-security-policy", "img-src *");
    /// assert_eq!(field, Field::Policy { text: "img-src *", delivery: Delivery::Header });
    /// ```
    pub fn header(name: &'a str, value: &'a str) -> Self {
        match delivery_of(name) {
            Some(delivery) => Self::Policy { text: value, delivery },
            None => Self::Header { name, value },
        }
    }

    /// Whether it stands in the page.
    pub const fn is_in_page(&self) -> bool {
        matches!(self, Self::Policy { delivery: Delivery::Meta, .. } | Self::Page { .. })
    }

    /// The text in which spans are counted.
    pub const fn text(&self) -> &'a str {
        match self {
            Self::Policy { text, .. } => text,
            Self::Header { value, .. } => value,
            Self::Page { html, .. } => html,
        }
    }

    /// The name of the header; for a policy in a `<meta>` that of the header that it stands for, and empty for the page.
    pub fn name(&self) -> Cow<'static, str> {
        match self {
            Self::Policy { delivery: Delivery::ReportOnly, .. } => REPORT_ONLY.into(),
            Self::Policy { .. } => ENFORCED.into(),
            Self::Header { name, .. } => (*name).to_owned().into(),
            Self::Page { .. } => "".into(),
        }
    }
}

const ENFORCED: &str = "Content-Security-Policy";
const REPORT_ONLY: &str = "Content-Security-Policy-Report-Only";

/// How a policy in a header of this name is delivered; `None` for other headers.
pub fn delivery_of(name: &str) -> Option<Delivery> {
    if name.eq_ignore_ascii_case(ENFORCED) {
        Some(Delivery::Header)
    } else if name.eq_ignore_ascii_case(REPORT_ONLY) {
        Some(Delivery::ReportOnly)
    } else {
        None
    }
}

impl<'a> Response<'a> {
    /// The media type that its headers name, in lower case and without parameters.
    ///
    /// ```
    /// use cspc_core::response::{Extent, Field, Response};
    /// let fields = vec![Field::header("content-type", "Text/HTML; charset=utf-8")];
    /// let response = Response { fields, extent: Extent::Head };
    /// assert_eq!(response.media_type().as_deref(), Some("text/html"));
    /// ```
    pub fn media_type(&self) -> Option<String> {
        let named = self.fields.iter().find_map(|field| match field {
            Field::Header { name, value } if name.eq_ignore_ascii_case("content-type") => {
                Some(value)
            }
            _ => None,
        })?;
        let kind = named.split(';').next()?.trim().to_ascii_lowercase();
        (!kind.is_empty()).then_some(kind)
    }

    /// Whether it is HTML, or does not say what it is.
    pub fn may_be_html(&self) -> bool {
        let is_html = |kind: String| matches!(&*kind, "text/html" | "application/xhtml+xml");
        self.media_type().is_none_or(is_html)
    }

    /// A response of which one policy is known.
    pub fn of_policy(text: &'a str, delivery: Delivery) -> Self {
        Self { fields: vec![Field::Policy { text, delivery }], extent: Extent::Policies }
    }
}
