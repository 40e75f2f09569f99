//! Caddy.

use std::io;
use std::path::Path;
use std::process::Command;

use super::{Kind, Run, Running, ServerConfig, start};

/// Caddy.
#[derive(Clone, Copy, Debug)]
pub struct Caddy;

impl Caddy {
    /// Starts it.
    ///
    /// # Errors
    /// What the server says if it does not take the configuration, and any I/O error.
    pub fn start(config: &ServerConfig) -> io::Result<Running> {
        start(config, configuration, command)
    }
}

fn command(conf: &Path, folder: &Path) -> Command {
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(conf);
    command.env("HOME", folder).env("XDG_CONFIG_HOME", folder).env("XDG_DATA_HOME", folder);
    command
}

fn configuration(run: &Run<'_>) -> String {
    let Run { folder, port, tls_port, config } = run;
    let folder = folder.display();
    let mut site = format!(
        "\tbind 127.0.0.1\n\troot * {}\n\timport {}\n",
        config.docroot.display(),
        config.emitted.join("Caddyfile").display()
    );
    for location in &config.locations {
        for (name, value) in &location.own_headers {
            site.push_str(&format!("\theader {}* {name} `{value}`\n", location.path));
        }
        if location.kind == Kind::Proxy {
            site.push_str(&format!(
                "\thandle {}* {{\n\t\treverse_proxy 127.0.0.1:{}\n\t}}\n",
                location.path, config.upstream
            ));
        }
    }
    site.push_str("\thandle {\n\t\tfile_server\n\t}\n");
    if let Some((_, page)) = config.error_pages.first() {
        site.push_str(&format!(
            "\thandle_errors {{\n\t\trewrite * {page}\n\t\tfile_server\n\t}}\n"
        ));
    }
    format!(
        "{{\n\tadmin off\n\tauto_https off\n}}\nhttp://:{port} {{\n{site}}}\n\
         https://:{tls_port} {{\n\ttls {folder}/cert.pem {folder}/key.pem\n{site}}}\n"
    )
}
