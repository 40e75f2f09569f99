//! HAProxy, with nginx behind it for the files.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use super::{Nginx, Run, Running, ServerConfig, start};

/// HAProxy.
#[derive(Clone, Copy, Debug)]
pub struct Haproxy;

impl Haproxy {
    /// Starts it.
    ///
    /// # Errors
    /// What the server says if it does not take the configuration, and any I/O error.
    pub fn start(config: &ServerConfig) -> io::Result<Running> {
        let without = config.emitted.join("none");
        let files = Nginx::start(&ServerConfig { emitted: without, ..config.clone() })?;
        let config = ServerConfig { upstream: files.port, ..config.clone() };
        Ok(start(&config, configuration, command)?.before(files))
    }
}

fn command(conf: &Path, _folder: &Path) -> Command {
    let mut command = Command::new("haproxy");
    command.arg("-db").arg("-f").arg(conf);
    command
}

fn configuration(run: &Run<'_>) -> String {
    let Run { folder, port, tls_port, config } = run;
    let folder = folder.display();
    // The certificate and its key in one file, as HAProxy wants them.
    let pem = ["cert.pem", "key.pem"].map(|name| fs::read_to_string(run.folder.join(name)));
    let _ = fs::write(run.folder.join("both.pem"), pem.map(Result::unwrap_or_default).concat());
    let lines = fs::read_to_string(config.emitted.join("frontend.cfg")).unwrap_or_default();
    format!(
        "global\n  maxconn 200\ndefaults\n  mode http\n  timeout connect 5s\n  timeout client 10s\n  \
         timeout server 10s\nfrontend site\n  bind 127.0.0.1:{port}\n  \
         bind 127.0.0.1:{tls_port} ssl crt {folder}/both.pem\n{lines}\n  default_backend files\n\
         backend files\n  server files 127.0.0.1:{}\n",
        config.upstream
    )
}
