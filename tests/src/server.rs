//! Real nginx and Apache on free loopback ports, stopped by process id.

use std::fs::{self, File};
use std::io;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// What is to be served, and with which headers.
#[derive(Clone, Debug, Default)]
pub struct ServerConfig {
    /// The folder of pages.
    pub docroot: PathBuf,
    /// The folder with the emitted files of this server.
    pub emitted: PathBuf,
    /// The application's port, where locations are proxied.
    pub upstream: u16,
    /// Locations besides `/`.
    pub locations: Vec<Location>,
    /// Status and path of each error page.
    pub error_pages: Vec<(String, String)>,
}

/// A location of the site.
#[derive(Clone, Debug, Default)]
pub struct Location {
    /// The path it begins with.
    pub path: String,
    /// Whether the application answers; else files do.
    pub proxy: bool,
    /// Header lines that the site's owner wrote by hand.
    pub own_headers: Vec<(String, String)>,
}

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Running {
    /// Port for plain HTTP.
    pub port: u16,
    /// Port for HTTPS, with a certificate for `localhost` that nobody signed.
    pub tls_port: u16,
    /// How long it took from the start of the process until the port was open.
    pub load_time: Duration,
    child: Child,
    _folder: TempDir,
}

impl Drop for Running {
    fn drop(&mut self) {
        // The master ends its workers on SIGTERM; SIGKILL would leave them behind.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// nginx.
#[derive(Clone, Copy, Debug)]
pub struct Nginx;

/// Apache httpd.
#[derive(Clone, Copy, Debug)]
pub struct Apache;

/// Ports and folders of one run.
struct Run<'a> {
    folder: &'a Path,
    port: u16,
    tls_port: u16,
    config: &'a ServerConfig,
}

impl Nginx {
    /// Starts it.
    ///
    /// # Errors
    /// What the server says if it does not take the configuration, and any I/O error.
    pub fn start(config: &ServerConfig) -> io::Result<Running> {
        start(config, nginx_configuration, |conf, folder| {
            let mut command = Command::new("nginx");
            command
                .arg("-p")
                .arg(folder)
                .arg("-c")
                .arg(conf)
                .arg("-e")
                .arg(folder.join("error.log"));
            command.args(["-g", "daemon off;"]);
            command
        })
    }
}

impl Apache {
    /// Starts it.
    ///
    /// # Errors
    /// What the server says if it does not take the configuration, and any I/O error.
    pub fn start(config: &ServerConfig) -> io::Result<Running> {
        start(config, apache_configuration, |conf, folder| {
            let mut command = Command::new("apache2");
            command.arg("-d").arg(folder).arg("-f").arg(conf).arg("-DFOREGROUND");
            command
        })
    }
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

fn start(
    config: &ServerConfig,
    configuration: fn(&Run<'_>) -> String,
    command: fn(&Path, &Path) -> Command,
) -> io::Result<Running> {
    let folder = tempfile::tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    certificate(folder.path())?;
    let (port, tls_port) = (free_port()?, free_port()?);
    let run = Run { folder: folder.path(), port, tls_port, config };
    let conf = folder.path().join("main.conf");
    fs::write(&conf, configuration(&run))?;
    let log = folder.path().join("output.log");
    let begun = Instant::now();
    let mut child = command(&conf, folder.path())
        .stdin(Stdio::null())
        .stdout(File::create(&log)?)
        .stderr(File::options().append(true).open(&log)?)
        .spawn()?;
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        if child.try_wait()?.is_some() || begun.elapsed() > Duration::from_secs(60) {
            let said = fs::read_to_string(&log).unwrap_or_default();
            let _ = child.kill();
            let _ = child.wait();
            return Err(io::Error::other(format!("the server did not start: {said}")));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Ok(Running { port, tls_port, load_time: begun.elapsed(), child, _folder: folder })
}

fn certificate(folder: &Path) -> io::Result<()> {
    let status = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout"])
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .stderr(Stdio::null())
        .status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("openssl made no certificate")) }
}

impl Run<'_> {
    /// The line that includes an emitted file, if there is one.
    fn include(&self, directive: &str, name: &str, end: &str) -> String {
        let path = self.config.emitted.join(name);
        if path.exists() { format!("{directive} {}{end}\n", path.display()) } else { String::new() }
    }
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
    if location.proxy {
        text.push_str(&format!("proxy_pass http://127.0.0.1:{};\n", run.config.upstream));
    }
    for (name, value) in &location.own_headers {
        text.push_str(&format!("add_header {name} \"{value}\";\n"));
    }
    if !location.own_headers.is_empty() {
        text.push_str(&run.include("include", "location.conf", ";"));
    }
    text + "}\n"
}

const APACHE_MODULES: &str = "mpm_event authz_core mime dir alias setenvif env headers rewrite ssl \
    socache_shmcb proxy proxy_http";

fn apache_configuration(run: &Run<'_>) -> String {
    let Run { folder, port, tls_port, config } = run;
    let folder = folder.display();
    let modules: String = APACHE_MODULES
        .split_whitespace()
        .map(|m| format!("LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n"))
        .collect();
    let types = "AddType text/html .html\nAddType application/javascript .js\nAddType text/css .css\n\
        AddType image/svg+xml .svg\nAddType application/json .json\nAddType image/png .png\n";
    let docroot = config.docroot.display();
    let site = apache_site(run);
    format!(
        "{modules}ServerRoot {folder}\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n\
         Listen 127.0.0.1:{port}\nListen 127.0.0.1:{tls_port}\nDefaultRuntimeDir {folder}\n\
         Mutex file:{folder} default\nUser www-data\nGroup www-data\nServerName localhost\n\
         StartServers 1\nThreadsPerChild 8\nMaxRequestWorkers 16\nServerLimit 2\nMinSpareThreads 1\n\
         MaxSpareThreads 16\nTypesConfig /dev/null\n{types}DirectoryIndex index.html\n\
         <Directory {docroot}>\nRequire all granted\nOptions +FollowSymLinks\n</Directory>\n{}\
         <VirtualHost 127.0.0.1:{port}>\n{site}</VirtualHost>\n<VirtualHost 127.0.0.1:{tls_port}>\n\
         SSLEngine on\nSSLCertificateFile {folder}/cert.pem\nSSLCertificateKeyFile {folder}/key.pem\n\
         {site}</VirtualHost>\n",
        run.include("Include", "main.conf", "")
    )
}

fn apache_site(run: &Run<'_>) -> String {
    let config = run.config;
    let mut site = format!("ServerName localhost\nDocumentRoot {}\n", config.docroot.display());
    for (status, page) in &config.error_pages {
        site.push_str(&format!("ErrorDocument {status} {page}\n"));
    }
    for Location { path, proxy, own_headers } in &config.locations {
        if *proxy {
            let upstream = config.upstream;
            site.push_str(&format!("ProxyPass {path} http://127.0.0.1:{upstream}{path}\n"));
        }
        site.push_str(&format!("<Location {path}>\n"));
        for (name, value) in own_headers {
            site.push_str(&format!("Header set {name} \"{value}\"\n"));
        }
        site.push_str("</Location>\n");
    }
    site + &run.include("Include", "server.conf", "")
}
