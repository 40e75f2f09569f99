//! Real servers on free loopback ports, stopped by process id; one server, one file.

mod apache;
mod caddy;
mod haproxy;
mod lighttpd;
mod nginx;

use std::fs::{self, File};
use std::io;
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::http;

pub use apache::{Apache, Htaccess};
pub use caddy::Caddy;
pub use haproxy::Haproxy;
pub use lighttpd::Lighttpd;
pub use nginx::{HeadersMore, Nginx};

/// What is to be served, and with which headers.
#[derive(Clone, Debug, Default)]
pub struct ServerConfig {
    /// The folder of pages.
    pub docroot: PathBuf,
    /// The folder with the emitted files of this server.
    pub emitted: PathBuf,
    /// The application's port, where locations are proxied.
    pub upstream: u16,
    /// Its port for FastCGI.
    pub fastcgi: u16,
    /// Locations besides `/`.
    pub locations: Vec<Location>,
    /// Status and path of each error page.
    pub error_pages: Vec<(String, String)>,
}

/// Who answers in a location.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Files.
    #[default]
    Files,
    /// An application, by HTTP.
    Proxy,
    /// An application, by FastCGI.
    FastCgi,
    /// A program that is started for each request.
    Cgi,
}

/// A location of the site.
#[derive(Clone, Debug, Default)]
pub struct Location {
    /// The path it begins with.
    pub path: String,
    /// Who answers.
    pub kind: Kind,
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
    /// How long it took from the start of the process until it answered.
    pub load_time: Duration,
    /// Its configuration.
    pub configuration: PathBuf,
    child: Child,
    /// A server behind this one.
    behind: Option<Box<Self>>,
    _folder: TempDir,
}

impl Running {
    /// Keeps the server behind this one alive as long as this one.
    fn before(mut self, other: Self) -> Self {
        self.behind = Some(Box::new(other));
        self
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // The master ends its workers on SIGTERM; SIGKILL would leave them behind.
        let _ = Command::new("kill").arg(self.child.id().to_string()).status();
        let _ = self.child.wait();
    }
}

/// Ports and folders of one run.
struct Run<'a> {
    folder: &'a Path,
    port: u16,
    tls_port: u16,
    config: &'a ServerConfig,
}

/// A port that nobody listens on, and that no other server of this process gets. The system does not hand it out
/// either, neither to a listener nor to a connection: its own begin at 32,768 or above.
fn free_port() -> u16 {
    const FIRST: u16 = 20_000;
    const COUNT: u16 = 12_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Two processes at once begin at different ports.
    let start = std::process::id().wrapping_mul(101) % u32::from(COUNT);
    loop {
        let next = u32::from(NEXT.fetch_add(1, Ordering::Relaxed));
        let port = FIRST + ((start + next) % u32::from(COUNT)) as u16;
        if TcpListener::bind(("127.0.0.1", port)).is_ok() {
            return port;
        }
    }
}

fn start(
    config: &ServerConfig,
    configuration: fn(&Run<'_>) -> String,
    command: fn(&Path, &Path) -> Command,
) -> io::Result<Running> {
    let folder = tempfile::tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755))?;
    certificate(folder.path())?;
    let (port, tls_port) = (free_port(), free_port());
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
    // An open port is not enough: a master may listen before it has its workers.
    while http::request(port, false, "GET", "/", &[]).status == 0 {
        if child.try_wait()?.is_some() || begun.elapsed() > Duration::from_secs(60) {
            let said = fs::read_to_string(&log).unwrap_or_default();
            let _ = child.kill();
            let _ = child.wait();
            return Err(io::Error::other(format!("the server did not start: {said}")));
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    let load_time = begun.elapsed();
    let (configuration, behind) = (conf, None);
    Ok(Running { port, tls_port, load_time, configuration, child, behind, _folder: folder })
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
