//! Front ends: what the pages of a site load and run.
//!
//! A [`Reader`] reads pages, style sheets and scripts, each on its own, so that the caller may read many at once;
//! [`Inventory::new`] puts them together in an order that does not depend on that, and [`Links`] tells which files a page
//! loads.

mod address;
mod assembly;
mod css;
mod digest;
mod document;
mod encoding;
mod event_handlers;
mod features;
mod har;
mod import_map;
mod imported_data;
mod integrity;
mod javascript;
mod links;
mod manifest;
mod memo;
mod merge;
mod model;
mod reader;
mod review;
mod role;
mod script_data;

pub use address::{OriginError, SiteOrigin, address_of};
pub use digest::sha256;
pub use document::{Element, elements, is_code};
pub(crate) use encoding::encode;
pub use encoding::{Decode, decode_windows_1252};
pub use event_handlers::is_event_handler;
pub use har::{HarError, read_har};
pub use integrity::write_integrity;
pub use links::Links;
pub use model::{
    Asset, Content, File, Import, Inventory, Kind, MetaPolicy, Page, SCHEMA, ScriptAttributes,
    Source, Unread,
};
pub use reader::Reader;
pub use review::{Approval, Change, Review, Reviewed};
pub use role::Role;

/// Reads one page, as a [`Reader`] for the origin does.
pub fn read_page(path: &str, bytes: &[u8], origin: &SiteOrigin) -> Page {
    Reader::new(origin.clone()).page(path, bytes)
}

/// Reads one style sheet, as a [`Reader`] for the origin does.
pub fn read_style_sheet(path: &str, bytes: &[u8], origin: &SiteOrigin) -> File {
    Reader::new(origin.clone()).style_sheet(path, bytes)
}
