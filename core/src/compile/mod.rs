//! The middle: an inventory becomes a plan.
