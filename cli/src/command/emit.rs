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
    let name = path.display().to_string();
    let mut text = String::new();
    let outcome = if path == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_bytes| ())
    } else {
        std::fs::read_to_string(path).map(|content| text = content)
    };
    outcome.map_err(|error| Failure::new(format!("cannot read `{name}`: {error}")))?;
    parse(&name, &text)
}

fn parse(name: &str, text: &str) -> Result<Plan, Failure> {
    serde_json::from_str(text).map_err(|error| Failure::json(name, &error))
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
            let error = parse("plan.json", text).unwrap_err().to_string();
            assert!(error.starts_with("plan.json:1:") && error.contains(expected), "{error}");
        }
    }
}
