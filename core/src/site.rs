//! What the owner declares.
