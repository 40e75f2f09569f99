//! Where configuration goes: standard output, or files that appear whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use cspc_core::diagnostic::Finding;
use cspc_core::emit::{self, Comment, File, GENERATED_BY, Target};
use cspc_core::plan::Plan;

use crate::exit::Failure;

/// Writes a plan for each target: to standard output if `out` is `None` and the target is one; else to the folder
/// `out`, or one folder in it for each of several targets. Nothing is written if one target cannot be. Gives what
/// the targets cannot do.
///
/// # Errors
/// What a target cannot write at all, and I/O errors.
pub(crate) fn write(
    plan: &Plan,
    targets: &[Target],
    out: Option<&Path>,
) -> Result<Vec<Finding>, Failure> {
    let mut emitted: Vec<(Target, Vec<File>)> = Vec::new();
    let mut findings = Vec::new();
    for &target in targets {
        if emitted.iter().all(|(done, _)| done.server != target.server) {
            let result = emit::emit(plan, target)
                .map_err(|error| Failure::new(format!("{target}: {error}")))?;
            findings.extend(result.findings);
            emitted.push((target, result.files));
        }
    }
    write_files(&emitted, out)?;
    Ok(findings)
}

fn write_files(emitted: &[(Target, Vec<File>)], out: Option<&Path>) -> Result<(), Failure> {
    match (out, emitted) {
        (None, [(target, files)]) => Ok(to_stdout(*target, files)?),
        (None, _) => Err(Failure::new("several targets need a folder: expected `-o DIR`")),
        (Some(folder), [(target, files)]) => to_folder(folder, *target, files),
        (Some(folder), several) => several.iter().try_for_each(|(target, files)| {
            to_folder(&folder.join(target.server.name()), *target, files)
        }),
    }
}

/// Writes one file, whole or not at all: through a link to where it leads, and with the permissions that were there.
pub(crate) fn write_file(path: &Path, content: &str) -> Result<(), Failure> {
    let leads_to = fs::canonicalize(path);
    let path = leads_to.as_deref().unwrap_or(path);
    let folder =
        path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    replace(folder, path, content).map_err(|error| failure("write", path, &error))
}

/// The parts, each under a comment that names it; one that can hold no comment, as it is.
fn to_stdout(target: Target, files: &[File]) -> io::Result<()> {
    let mut stdout = io::BufWriter::new(io::stdout().lock());
    for (index, file) in files.iter().enumerate() {
        let gap = if index == 0 { "" } else { "\n" };
        if target.server.capability().comment == Comment::Hash {
            writeln!(stdout, "{gap}# ==== {} ====", file.name)?;
        }
        stdout.write_all(file.content.as_bytes())?;
    }
    stdout.flush()
}

fn to_folder(folder: &Path, target: Target, files: &[File]) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| failure("create", folder, &error))?;
    for file in files {
        let path = folder.join(&file.name);
        replace(folder, &path, &file.content).map_err(|error| failure("write", &path, &error))?;
    }
    let left_out = |name: &&&str| files.iter().all(|file| file.name != **name);
    for name in target.server.capability().files.iter().filter(left_out) {
        let path = folder.join(name);
        remove_own(&path).map_err(|error| failure("remove", &path, &error))?;
    }
    Ok(())
}

/// Writes to a temporary file beside the old one, then puts it in its place.
fn replace(folder: &Path, path: &Path, content: &str) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix(".cspc-").tempfile_in(folder)?;
    file.write_all(content.as_bytes())?;
    match fs::metadata(path) {
        Ok(old) => file.as_file().set_permissions(old.permissions())?,
        Err(_) => readable(file.as_file())?,
    }
    file.persist(path)?;
    Ok(())
}

/// Temporary files are their owner's alone; a server's configuration is read by others too.
#[cfg(unix)]
fn readable(file: &fs::File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn readable(_file: &fs::File) -> io::Result<()> {
    Ok(())
}

/// Removes what an earlier run wrote and this one leaves out; never a file that somebody else wrote.
fn remove_own(path: &Path) -> io::Result<()> {
    match fs::read(path) {
        Ok(content) if content.starts_with(GENERATED_BY.as_bytes()) => fs::remove_file(path),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn failure(verb: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot {verb} `{}`: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use cspc_core::emit::Server;

    use super::*;

    fn plan(text: &str) -> Plan {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn files_that_are_left_out_now_go_if_they_are_ours() {
        let folder = tempfile::tempdir().unwrap();
        let (nginx, apache) = (folder.path().join("nginx"), folder.path().join("apache"));
        let full = plan(
            r#"{"server_tokens":"off","rules":[{"match":{"exact":"/"},"headers":[{"name":"A","value":"1"}]}]}"#,
        );
        let bare = plan(r#"{"rules":[{"headers":[{"name":"A","value":"1"}]}]}"#);
        let both = [Server::Nginx.into(), Server::Apache.into()];
        write(&full, &both, Some(folder.path())).unwrap();
        assert!(nginx.join("http.conf").exists() && apache.join("main.conf").exists());
        fs::write(apache.join("main.conf"), "# by hand").unwrap();
        write(&bare, &both, Some(folder.path())).unwrap();
        assert!(!nginx.join("http.conf").exists());
        assert_eq!(fs::read_to_string(apache.join("main.conf")).unwrap(), "# by hand");
        assert_eq!(fs::read_dir(&nginx).unwrap().count(), 2);
    }

    #[test]
    fn one_target_that_fails_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let bad = plan(r#"{"rules":[{"headers":[{"name":"Server","value":"1"}]}]}"#);
        let both = [Server::Json.into(), Server::Nginx.into()];
        assert!(write(&bad, &both, Some(folder.path())).is_err());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
