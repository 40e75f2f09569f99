//! Live hosts, good and bad: a server of our own on loopback, with a certificate of our own.
#![expect(clippy::unwrap_used, reason = "a test may stop")]

use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

/// Headers of a page that is well kept.
const PAGE: &str = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nStrict-Transport-Security: max-age=63072000\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n";

/// Answers a request for `path`.
fn answer(method: &str, path: &str, stream: &mut dyn Write) -> io::Result<()> {
    let redirect = |to: &str| {
        format!(
            "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: {to}\r\n\r\n"
        )
    };
    match path {
        "/" if method == "OPTIONS" => {
            let origin = "https://http-observatory.security.mozilla.org";
            write!(
                stream,
                "{PAGE}Access-Control-Allow-Origin: {origin}\r\nAccess-Control-Allow-Credentials: true\r\n\r\n"
            )
        }
        "/" => write!(stream, "{PAGE}\r\n<p>hello"),
        "/page" => write!(stream, "{PAGE}\r\n<script src=//cdn.example/a.js></script>"),
        "/elsewhere" => stream.write_all(redirect("http://www.shop.example/").as_bytes()),
        "/to-https" => stream.write_all(redirect("https://shop.example/").as_bytes()),
        "/loop" => stream.write_all(redirect("/pool").as_bytes()),
        "/pool" => stream.write_all(redirect("loop").as_bytes()),
        "/mail" => stream.write_all(redirect("mailto:a@b.example").as_bytes()),
        "/huge-head" => {
            write!(stream, "{PAGE}")?;
            (0..100_000).try_for_each(|number| write!(stream, "X-{number}: {number}\r\n"))?;
            stream.write_all(b"\r\n")
        }
        "/slow-head" => {
            write!(stream, "HTTP/1.1 200 OK\r\nX: ")?;
            drip(stream)
        }
        "/slow-body" => {
            write!(stream, "{PAGE}\r\n")?;
            drip(stream)
        }
        "/endless" => {
            write!(stream, "{PAGE}\r\n")?;
            loop {
                stream.write_all(&[b'.'; 65536])?;
            }
        }
        "/bomb" => {
            write!(stream, "{PAGE}Content-Encoding: gzip\r\n\r\n")?;
            let mut bomb = flate2::write::GzEncoder::new(stream, flate2::Compression::best());
            (0..4096).try_for_each(|_| bomb.write_all(&[b' '; 1 << 20]))?;
            bomb.finish().map(|_| ())
        }
        "/nonsense" => stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"),
        _ => match path.strip_prefix("/many/").and_then(|number| number.parse::<u32>().ok()) {
            Some(number) => stream.write_all(redirect(&format!("/many/{}", number + 1)).as_bytes()),
            None => stream.write_all(
                b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            ),
        },
    }
}

/// Sends a byte now and then, for ever.
fn drip(stream: &mut dyn Write) -> io::Result<()> {
    loop {
        stream.write_all(b".")?;
        stream.flush()?;
        thread::sleep(Duration::from_millis(200));
    }
}

/// Reads a request's head and answers it.
fn serve<S: Read + Write>(mut stream: S, rewrite: fn(&str) -> &str) -> io::Result<()> {
    let mut reader = BufReader::new(&mut stream);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    answer(method, rewrite(path), &mut stream)?;
    stream.flush()
}

/// Serves on a free port until the test ends.
fn listen(handle: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let handle = Arc::new(handle);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let handle = Arc::clone(&handle);
            thread::spawn(move || handle(stream));
        }
    });
    port
}

/// Plain HTTP, as it is asked.
fn http() -> u16 {
    http_as(|path| path)
}

/// Plain HTTP, which answers for another path than it is asked for.
fn http_as(rewrite: fn(&str) -> &str) -> u16 {
    listen(move |stream| drop(serve(stream, rewrite)))
}

/// A certificate for `shop.example` and its key, in a folder.
fn certificate(folder: &Path) -> (PathBuf, PathBuf) {
    let (certificate, key) = (folder.join("cert.pem"), folder.join("key.pem"));
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
        ])
        .args([
            "-days",
            "2",
            "-subj",
            "/CN=shop.example",
            "-addext",
            "subjectAltName=DNS:shop.example",
        ])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-out")
        .arg(&certificate)
        .arg("-keyout")
        .arg(&key)
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    (certificate, key)
}

/// HTTPS with that certificate.
fn https(certificate: &Path, key: &Path) -> u16 {
    let chain = vec![CertificateDer::from_pem_file(certificate).unwrap()];
    let key = PrivateKeyDer::from_pem_file(key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    listen(move |stream| {
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let _ = serve(StreamOwned::new(connection, stream), |path| path);
    })
}

/// Runs the program where it may use no more than 1 GB of addresses.
fn cspc(arguments: &[&str]) -> Output {
    let mut command = Command::new("sh");
    command.args(["-c", "ulimit -v 1000000; exec \"$0\" \"$@\"", env!("CARGO_BIN_EXE_cspc")]);
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"]
    {
        command.env_remove(name);
    }
    command.args(arguments).output().unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Grades a path of the plain server, and gives what goes wrong.
fn failure(path: &str) -> String {
    let url = format!("http://127.0.0.1:{}{path}", http());
    let output = cspc(&["grade", &url, "--timeout", "2"]);
    assert_eq!(output.status.code(), Some(2), "{path}: {}", stderr(&output));
    stderr(&output).replace(&url.replace(path, ""), "")
}

#[test]
fn hosts_that_mean_no_good_are_turned_away() {
    for (path, said) in [
        ("/loop", "error: `/loop` redirects in a circle or without end: /loop → /pool → /loop"),
        ("/mail", "error: `/mail` redirects to `mailto:a@b.example`, which is no URL of the web"),
        ("/slow-head", "error: cannot fetch `/slow-head`: it took longer than 2 s (--timeout)"),
        (
            "/slow-body",
            "error: cannot read the body of `/slow-body`: it took longer than 2 s (--timeout)",
        ),
    ] {
        assert_eq!(failure(path).trim(), said);
    }
    assert!(failure("/many/1").contains("without end: /many/1 → /many/2 → "));
    assert!(failure("/huge-head").starts_with("error: cannot fetch `/huge-head`: "));
    assert!(failure("/nonsense").starts_with("error: cannot fetch `/nonsense`: "));
}

#[test]
fn bodies_without_end_are_read_up_to_a_limit() {
    let port = http();
    for path in ["/endless", "/bomb"] {
        let url = format!("http://127.0.0.1:{port}{path}");
        let output = cspc(&["grade", &url, "--format", "json", "--timeout", "60"]);
        assert_eq!(output.status.code(), Some(0), "{path}: {}", stderr(&output));
        assert!(stderr(&output).contains("is longer than 4 MiB"), "{}", stderr(&output));
    }
}

#[test]
fn a_server_that_says_nothing_is_not_waited_for() {
    let silent = listen(|stream| {
        thread::sleep(Duration::from_secs(60));
        drop(stream);
    });
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://127.0.0.1:{silent}/");
        let output = cspc(&["grade", &url, "--timeout", "1"]);
        assert_eq!(output.status.code(), Some(2));
        let said = format!("error: cannot fetch `{url}`: it took longer than 1 s (--timeout)");
        assert_eq!(stderr(&output).trim(), said);
    }
}

/// A page with what it loads from elsewhere, on a host that redirects to another one: those two are asked, and nobody else.
#[test]
fn nobody_is_asked_but_the_host_and_where_it_redirects_to() {
    let (first, second) = (http_as(|_| "/elsewhere"), http_as(|_| "/page"));
    let asked = Arc::new(AtomicBool::new(false));
    let noted = Arc::clone(&asked);
    let third = listen(move |stream| {
        noted.store(true, Ordering::Relaxed);
        drop(serve(stream, |_| "/"));
    });
    let resolve = [
        format!("shop.example:80:127.0.0.1:{first}"),
        format!("www.shop.example:80:127.0.0.1:{second}"),
        format!("cdn.example:80:127.0.0.1:{third}"),
        format!("cdn.example:443:127.0.0.1:{third}"),
        // Nothing listens here.
        "shop.example:443:127.0.0.1:1".to_owned(),
    ];
    let mut arguments = vec!["grade", "http://shop.example/", "--format", "json"];
    resolve.iter().for_each(|it| arguments.extend(["--resolve", it]));
    let output = cspc(&arguments);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let told = stderr(&output);
    assert!(told.starts_with("http://shop.example/ → http://www.shop.example/\n"), "{told}");
    assert!(told.contains("cannot fetch `https://shop.example/`: "), "{told}");
    let graded: Value = serde_json::from_slice(&output.stdout).unwrap();
    let results: Vec<&str> =
        graded["tests"].as_array().unwrap().iter().filter_map(|it| it["result"].as_str()).collect();
    assert!(results.contains(&"redirection-not-to-https"), "{results:?}");
    assert!(
        results.contains(&"sri-not-implemented-and-external-scripts-not-loaded-securely"),
        "{results:?}"
    );
    assert!(!asked.load(Ordering::Relaxed), "a third host was asked");
}

#[test]
fn a_live_policy_is_checked_where_it_stands() {
    let url = format!("http://127.0.0.1:{}/", http());
    let output = cspc(&["check", &url, "--format", "json", "--fail-on", "never"]);
    let findings: Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found = findings["findings"].as_array().unwrap().iter();
    let is_policy = |finding: &&Value| finding["header"] == "Content-Security-Policy";
    let place = &found.find(is_policy).unwrap()["location"];
    assert_eq!((&place["path"], &place["line"]), (&url.clone().into(), &5.into()));
}

#[test]
#[ignore = "needs openssl"]
fn a_site_is_asked_over_both_schemes_and_its_certificate_verified() {
    let folder = tempfile::tempdir().unwrap();
    let (certificate, key) = certificate(folder.path());
    let plain = http_as(|_| "/to-https");
    let to_plain = format!("shop.example:80:127.0.0.1:{plain}");
    let to_secure = format!("shop.example:443:127.0.0.1:{}", https(&certificate, &key));
    let graded = |more: &[&str]| -> (Value, String) {
        let url = ["grade", "https://shop.example", "--format", "json"];
        let resolve = ["--resolve", to_plain.as_str(), "--resolve", to_secure.as_str()];
        let output = cspc(&[&url[..], &resolve[..], more].concat());
        (serde_json::from_slice(&output.stdout).unwrap(), stderr(&output))
    };
    let result = |graded: &Value, test: &str| {
        let tests = graded["tests"].as_array().unwrap();
        tests.iter().find(|it| it["name"] == test).unwrap()["result"].as_str().unwrap().to_owned()
    };
    let (trusted, told) = graded(&["--cacert", certificate.to_str().unwrap()]);
    assert_eq!(told.trim(), "http://shop.example/ → https://shop.example/");
    assert_eq!(result(&trusted, "redirection"), "redirection-to-https");
    assert_eq!(
        result(&trusted, "strict-transport-security"),
        "hsts-implemented-max-age-at-least-six-months"
    );
    assert_eq!(
        result(&trusted, "cross-origin-resource-sharing"),
        "cross-origin-resource-sharing-implemented-with-universal-access"
    );
    let (untrusted, told) = graded(&[]);
    assert!(told.contains("invalid peer certificate"), "{told}");
    assert_eq!(result(&untrusted, "strict-transport-security"), "hsts-invalid-cert");
    assert_eq!(result(&untrusted, "redirection"), "redirection-invalid-cert");
    let (insecure, _) = graded(&["--insecure"]);
    assert_eq!(insecure["tests"], trusted["tests"]);
}
