//! The headers beside the policy, with safe values.

use crate::header::{HeaderName, HeaderValue};
use crate::plan::{Header, Scheme};
use crate::site::SiteFile;

/// Features that no static page uses unless it asks: each is powerful, and known to browsers, as unknown names are
/// reported on their consoles.
const DENIED_FEATURES: [&str; 19] = [
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
];

/// Headers that say what runs behind the server.
const TELL_TALES: [&str; 4] =
    ["X-Powered-By", "X-AspNet-Version", "X-AspNetMvc-Version", "X-Generator"];

/// The headers of every response, the policy first, as the owner wants them.
pub(super) fn baseline(site: &SiteFile, policy: Header) -> Vec<Header> {
    let features: Vec<String> =
        DENIED_FEATURES.iter().map(|feature| format!("{feature}=()")).collect();
    let features = features.join(", ");
    let standard = [
        ("Strict-Transport-Security", "max-age=63072000"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("Permissions-Policy", features.as_str()),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ];
    let mut headers = vec![policy];
    headers.extend(standard.iter().filter_map(|(name, value)| header(name, value)));
    for (name, value) in &site.headers {
        headers.retain(|header| header.name != *name);
        headers.extend(value.clone().map(|value| with_scheme(Header::set(name.clone(), value))));
    }
    headers
}

/// The older form of `frame-ancestors 'self'`, unless the owner has taken it in hand.
pub(super) fn framed_by_itself(site: &SiteFile) -> Option<Header> {
    let header = header("X-Frame-Options", "SAMEORIGIN")?;
    (!site.headers.iter().any(|(name, _)| *name == header.name)).then_some(header)
}

/// Headers to take away from what applications send.
pub(super) fn tell_tales() -> Vec<HeaderName> {
    TELL_TALES.iter().filter_map(|name| HeaderName::new(*name).ok()).collect()
}

fn header(name: &str, value: &str) -> Option<Header> {
    Some(with_scheme(Header::set(HeaderName::new(name).ok()?, HeaderValue::new(value).ok()?)))
}

/// Browsers must ignore Strict-Transport-Security over plain HTTP, and servers must not send it there
/// (RFC 6797, section 7.2).
fn with_scheme(header: Header) -> Header {
    let https_only = header.name.as_str().eq_ignore_ascii_case("strict-transport-security");
    Header { scheme: https_only.then_some(Scheme::Https), ..header }
}
