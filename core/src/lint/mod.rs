//! Rules that judge policies.
