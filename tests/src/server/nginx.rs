//! nginx.

use std::io;
use std::path::Path;
use std::process::Command;

use super::{Kind, Location, Run, Running, ServerConfig, start};

/// nginx.
#[derive(Clone, Copy, Debug)]
pub struct Nginx;

/// nginx with the headers-more module.
#[derive(Clone, Copy, Debug)]
pub struct HeadersMore;

const HEADERS_MORE: &str =
    "load_module /usr/lib/nginx/modules/ngx_http_headers_more_filter_module.so;\n";

impl Nginx {
    /// Starts it.
    ///
    /// # Errors
    /// What the server says if it does not take the configuration, and any I/O error.
    pub fn start(config: &ServerConfig) -> io::Result<Running> {
        start(config, nginx_configuration, command)
    }
}

impl HeadersMore {
    /// Starts it.
    ///
    /// # Errors
    /// What the server says if it does not take the configuration, and any I/O error.
    pub fn start(config: &ServerConfig) -> io::Result<Running> {
        start(config, |run| HEADERS_MORE.to_owned() + &nginx_configuration(run), command)
    }
}

fn command(conf: &Path, folder: &Path) -> Command {
    let mut command = Command::new("nginx");
    command.arg("-p").arg(folder).arg("-c").arg(conf).arg("-e").arg(folder.join("error.log"));
    command.args(["-g", "daemon off;"]);
    command
}

const NGINX_TYPES: &str = "types { text/html html; application/javascript js; text/css css; \
    image/svg+xml svg; application/json json; image/png png; text/plain txt; }";

fn nginx_configuration(run: &Run<'_>) -> String {
    let Run { folder, port, tls_port, config } = run;
    let folder = folder.display();
    let mut site = format!(
        "server_name localhost; root {}; index index.html;\n{}",
        config.docroot.display(),
        run.include("include", "server.conf", ";")
    );
    for (status, page) in &config.error_pages {
        site.push_str(&format!("error_page {status} {page};\n"));
    }
    for location in &config.locations {
        site.push_str(&nginx_location(run, location));
    }
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path {folder}/{name};\n"))
        .concat();
    format!(
        "worker_processes 1; pid {folder}/pid; error_log {folder}/error.log;\n\
         events {{ worker_connections 128; }}\nhttp {{\naccess_log off;\n{temporary}{NGINX_TYPES}\n\
         default_type application/octet-stream;\n{}server {{ listen 127.0.0.1:{port};\n{site}}}\n\
         server {{ listen 127.0.0.1:{tls_port} ssl; ssl_certificate {folder}/cert.pem;\n\
         ssl_certificate_key {folder}/key.pem;\n{site}}}\n}}\n",
        run.include("include", "http.conf", ";")
    )
}

fn nginx_location(run: &Run<'_>, location: &Location) -> String {
    let mut text = format!("location {} {{\n", location.path);
    match location.kind {
        Kind::Proxy => {
            text.push_str(&format!("proxy_pass http://127.0.0.1:{};\n", run.config.upstream));
        }
        Kind::FastCgi => text.push_str(&format!(
            "fastcgi_pass 127.0.0.1:{};\nfastcgi_param REQUEST_METHOD $request_method;\n",
            run.config.fastcgi
        )),
        Kind::Files | Kind::Cgi => {}
    }
    for (name, value) in &location.own_headers {
        text.push_str(&format!("add_header {name} \"{value}\";\n"));
    }
    if !location.own_headers.is_empty() {
        text.push_str(&run.include("include", "location.conf", ";"));
    }
    text + "}\n"
}
