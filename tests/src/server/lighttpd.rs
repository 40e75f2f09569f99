//! lighttpd.

use std::io;
use std::path::Path;
use std::process::Command;

use super::{Kind, Run, Running, ServerConfig, start};

/// lighttpd.
#[derive(Clone, Copy, Debug)]
pub struct Lighttpd;

impl Lighttpd {
    /// Starts it.
    ///
    /// # Errors
    /// What the server says if it does not take the configuration, and any I/O error.
    pub fn start(config: &ServerConfig) -> io::Result<Running> {
        start(config, configuration, command)
    }
}

fn command(conf: &Path, _folder: &Path) -> Command {
    let mut command = Command::new("lighttpd");
    command.arg("-D").arg("-f").arg(conf);
    command
}

fn configuration(run: &Run<'_>) -> String {
    let Run { folder, port, tls_port, config } = run;
    let folder = folder.display();
    let mut text = format!(
        "server.modules = (\"mod_setenv\", \"mod_redirect\", \"mod_proxy\", \"mod_openssl\")\n\
         server.document-root = \"{}\"\nserver.bind = \"127.0.0.1\"\nserver.port = {port}\n\
         server.errorlog = \"{folder}/error.log\"\nindex-file.names = (\"index.html\")\n\
         mimetype.assign = (\".html\" => \"text/html\", \".js\" => \"application/javascript\", \
         \".css\" => \"text/css\", \".svg\" => \"image/svg+xml\", \".json\" => \"application/json\", \
         \".png\" => \"image/png\", \"\" => \"application/octet-stream\")\n\
         $SERVER[\"socket\"] == \"127.0.0.1:{tls_port}\" {{\n  ssl.engine = \"enable\"\n  \
         ssl.pemfile = \"{folder}/cert.pem\"\n  ssl.privkey = \"{folder}/key.pem\"\n}}\n",
        config.docroot.display()
    );
    for location in config.locations.iter().filter(|location| location.kind == Kind::Proxy) {
        text.push_str(&format!(
            "$HTTP[\"url\"] =^ \"{}\" {{\n  proxy.server = (\"\" => ((\"host\" => \"127.0.0.1\", \
             \"port\" => {})))\n}}\n",
            location.path, config.upstream
        ));
    }
    // The page of a status has its name: `/errors/404.html` begins with `/errors/`.
    if let Some((status, page)) = config.error_pages.first() {
        let folder = page.trim_end_matches(".html").trim_end_matches(status.as_str());
        text.push_str(&format!(
            "server.errorfile-prefix = \"{}{folder}\"\n",
            config.docroot.display()
        ));
    }
    let emitted = config.emitted.join("lighttpd.conf");
    format!("{text}include \"{}\"\n", emitted.display())
}
