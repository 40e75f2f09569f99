//! `cspc emit PLAN`.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use cspc_core::emit::Target;
use cspc_core::plan::Plan;

use super::build::advise;
use crate::exit::{Exit, Failure};
use crate::output;

/// Arguments of `cspc emit`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The plan's JSON, from `cspc build --emit json` or written by hand; `-` is standard input
    plan: PathBuf,
    /// The server to write for, with its version after an `@` where that matters; may be repeated
    #[arg(long = "emit", value_name = "TARGET", required = true)]
    targets: Vec<Target>,
    /// The folder to write to; several targets get a folder each in it
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Reads the plan and writes it.
pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    let plan = read(&arguments.plan)?;
    let findings = output::write(&plan, &arguments.targets, arguments.output.as_deref())?;
    advise(&findings, true);
    Ok(Exit::Success)
}

fn read(path: &Path) -> Result<Plan, Failure> {
    let name = path.display();
    let mut text = String::new();
    let outcome = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_bytes| ())
    } else {
        std::fs::read_to_string(path).map(|content| text = content)
    };
    outcome.map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
    parse(&text).map_err(|message| Failure::new(format!("{name}:{message}")))
}

/// The error is `LINE:COLUMN: what is wrong`.
fn parse(text: &str) -> Result<Plan, String> {
    serde_json::from_str(text).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = error.to_string();
        let place = format!(" at line {line} column {column}");
        format!("{line}:{column}: {}", message.strip_suffix(&place).unwrap_or(&message))
    })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn nonsense_is_named_with_its_place() {
        for (text, expected) in [
            (r#"{"rules":[{"match":{"exact":"a"},"headers":[]}]}"#, "starts with `/`"),
            (r#"{"rules":[{"match":{"prefix":["/a//b"]},"headers":[]}]}"#, "`/a//b`"),
            (r#"{"rules":[{"match":{"type":"html"},"headers":[]}]}"#, "no media type"),
            (r#"{"rules":[{"headers":[{"name":"X"}]}]}"#, "`X` has no value"),
            (r#"{"schema":"cspc.plan/9"}"#, "expected `cspc.plan/1`"),
            (r#"{"rulez":[]}"#, "unknown field `rulez`, expected"),
        ] {
            let error = parse(text).unwrap_err();
            assert!(error.starts_with("1:") && error.contains(expected), "{error}");
        }
    }
}
