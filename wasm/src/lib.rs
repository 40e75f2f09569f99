//! The engine of `cspc` for the browser: a thin layer over `cspc-core`.
