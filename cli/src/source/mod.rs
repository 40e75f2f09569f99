//! Where input comes from.

mod cache;
pub(crate) mod deployment;
pub(crate) mod estate;
pub(crate) mod fetch;
pub(crate) mod folder;
pub(crate) mod includes;
pub(crate) mod integrity;
pub(crate) mod live;
pub(crate) mod policies;
pub(crate) mod site;
pub(crate) mod site_file;
pub(crate) mod text;
