//! `cspc schema NAME`: the JSON Schema of a machine format.

use std::io::Write as _;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::exit::{Exit, Failure};
use crate::schema;

/// Arguments of `cspc schema`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The format; without one, they are listed
    #[arg(value_parser = names())]
    name: Option<String>,
}

fn names() -> impl TypedValueParser<Value = String> {
    let values = schema::SCHEMAS.map(|(name, title, _)| PossibleValue::new(name).help(title));
    PossibleValuesParser::new(values)
}

/// Prints it, or the list of formats.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut output = anstream::stdout();
    match arguments.name.as_deref().and_then(schema::named) {
        Some(schema) => writeln!(output, "{schema:#}")?,
        None => schema::SCHEMAS
            .iter()
            .try_for_each(|(name, title, _)| writeln!(output, "{name:<10} {title}"))?,
    }
    Ok(Exit::Success)
}
