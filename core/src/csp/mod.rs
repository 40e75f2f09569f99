//! The language of Content-Security-Policy: directives, source expressions, policies.
