//! The engine of `cspc`, the compiler for Content-Security-Policy and security headers.
//!
//! Data flows one way, and the modules are its stages: [`inventory`] reads what a site loads, [`compile`] turns
//! that into a [`plan`] of response headers, [`emit`] writes the plan for a server, and [`lint`] judges policies
//! that exist already, [`grade`] the whole response as the MDN HTTP Observatory does. [`csp`] is the language itself, and
//! [`enforce`] what a browser does with it; [`deployment`] reads policies in whatever form they are written down,
//! [`compare`] tells two of them apart, [`report`] writes findings down, and [`wire`] holds the machine formats of
//! questions and answers.
//!
//! The crate does no I/O and knows no clock, environment or threads: it gives the same bytes everywhere.

pub mod compare;
pub mod compile;
pub mod configuration;
pub mod csp;
pub mod deployment;
pub mod diagnostic;
pub mod emit;
pub mod enforce;
pub mod grade;
pub mod header;
pub mod inventory;
pub mod lint;
pub mod plan;
pub mod public_suffix;
pub mod report;
pub mod response;
pub mod services;
pub mod site;
pub mod text;
pub mod wire;
