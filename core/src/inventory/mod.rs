//! Front ends: what the pages of a site load and run.
