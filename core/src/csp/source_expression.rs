//! Source expressions (CSP Level 3, section 2.3.1), read without copying.
//!
//! Everything in the grammar is ASCII, so that runs of characters are counted by the byte.

use std::fmt;

use super::directive::is_spelling;
use super::keyword::Keyword;

/// One member of a source list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SourceExpression<'a> {
    /// `'none'`.
    None,
    /// Another keyword, such as `'self'`.
    Keyword(Keyword),
    /// `'nonce-…'`; the value alone.
    Nonce(&'a str),
    /// `'sha256-…'` and its like.
    Hash(HashAlgorithm, &'a str),
    /// `https:`; without its colon.
    Scheme(&'a str),
    /// `https://*.example.com:443/path` and its shorter forms.
    Host(HostSource<'a>),
    /// What the grammar does not know, as it was written; browsers match nothing by it.
    Invalid(&'a str),
}

/// A host-source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct HostSource<'a> {
    /// The scheme before `://`.
    pub scheme: Option<&'a str>,
    /// A host, `*`, or `*.` and a host.
    pub host: &'a str,
    /// Digits or `*`.
    pub port: Option<&'a str>,
    /// The path with its leading slash.
    pub path: Option<&'a str>,
}

/// A hash algorithm that policies know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HashAlgorithm {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl HashAlgorithm {
    /// Its name in a hash-source.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha384 => "sha384",
            Self::Sha512 => "sha512",
        }
    }

    /// The length of a digest, in bytes.
    pub const fn digest_length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    /// Whether the base64 of a digest has as many bytes as the algorithm gives; padding adds none.
    ///
    /// ```
    /// use cspc_core::csp::HashAlgorithm;
    /// assert!(HashAlgorithm::Sha256.fits("47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="));
    /// assert!(!HashAlgorithm::Sha256.fits("47DEQpj8"));
    /// ```
    pub fn fits(self, digest: &str) -> bool {
        digest.trim_end_matches('=').len() * 3 / 4 == self.digest_length()
    }
}

impl<'a> SourceExpression<'a> {
    /// Reads one expression; what is none is [`SourceExpression::Invalid`].
    ///
    /// ```
    /// use cspc_core::csp::{HostSource, SourceExpression};
    /// let host = HostSource { scheme: Some("https"), host: "*.a.example", port: None, path: Some("/x/") };
    /// assert_eq!(SourceExpression::parse("https://*.a.example/x/"), SourceExpression::Host(host));
    /// assert_eq!(SourceExpression::parse("https:/x"), SourceExpression::Invalid("https:/x"));
    /// ```
    pub fn parse(text: &'a str) -> Self {
        let read = if text.starts_with('\'') { quoted(text) } else { unquoted(text) };
        read.unwrap_or(Self::Invalid(text))
    }
}

impl fmt::Display for SourceExpression<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("'none'"),
            Self::Keyword(keyword) => f.write_str(keyword.as_str()),
            Self::Nonce(nonce) => write!(f, "'nonce-{nonce}'"),
            Self::Hash(algorithm, digest) => write!(f, "'{}-{digest}'", algorithm.as_str()),
            Self::Scheme(scheme) => write!(f, "{scheme}:"),
            Self::Host(host) => host.fmt(f),
            Self::Invalid(text) => f.write_str(text),
        }
    }
}

impl fmt::Display for HostSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(scheme) = self.scheme {
            write!(f, "{scheme}://")?;
        }
        f.write_str(self.host)?;
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(self.path.unwrap_or_default())
    }
}

/// Kinds of bytes, a bit each.
const DIGIT: u8 = 1;
/// host-char (section 2.3.1).
const HOST: u8 = 1 << 1;
/// What a scheme has after its first letter (RFC 3986, section 3.1).
const SCHEME: u8 = 1 << 2;
/// pchar without escapes, `;` and `,`.
const PATH: u8 = 1 << 3;
const SLASH: u8 = 1 << 4;
/// A digit of base64, or of its URL-safe kind.
const BASE64: u8 = 1 << 5;

/// For each byte, its kinds.
static KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut rest: &mut [u8] = &mut kinds;
    let mut byte = 0;
    while let [kind, more @ ..] = rest {
        *kind = kinds_of(byte);
        byte = byte.wrapping_add(1);
        rest = more;
    }
    kinds
};

const fn kinds_of(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => DIGIT | HOST | SCHEME | PATH | BASE64,
        b'a'..=b'z' | b'A'..=b'Z' => HOST | SCHEME | PATH | BASE64,
        b'-' => HOST | SCHEME | PATH | BASE64,
        b'+' => SCHEME | PATH | BASE64,
        b'.' => SCHEME | PATH,
        b'_' => PATH | BASE64,
        b'/' => SLASH | BASE64,
        b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'=' | b':' | b'@' => PATH,
        _ => 0,
    }
}

fn is_of(byte: u8, kinds: u8) -> bool {
    KINDS.get(usize::from(byte)).is_some_and(|own| own & kinds != 0)
}

/// How many bytes of these kinds come first.
fn run(text: &str, kinds: u8) -> usize {
    text.bytes().position(|byte| !is_of(byte, kinds)).unwrap_or(text.len())
}

/// keyword-source, nonce-source, hash-source, `'none'`.
fn quoted(text: &str) -> Option<SourceExpression<'_>> {
    let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
    if is_spelling(inner, "none") {
        return Some(SourceExpression::None);
    }
    let keyword = Keyword::from_unquoted(inner).map(SourceExpression::Keyword);
    keyword.or_else(|| nonce(inner)).or_else(|| hash(inner))
}

fn nonce(inner: &str) -> Option<SourceExpression<'_>> {
    after("nonce-", inner).filter(|nonce| is_base64_value(nonce)).map(SourceExpression::Nonce)
}

fn hash(inner: &str) -> Option<SourceExpression<'_>> {
    let (algorithm, digest) = inner.split_at_checked("sha256-".len())?;
    let algorithm = match algorithm {
        _ if is_spelling(algorithm, "sha256-") => HashAlgorithm::Sha256,
        _ if is_spelling(algorithm, "sha384-") => HashAlgorithm::Sha384,
        _ if is_spelling(algorithm, "sha512-") => HashAlgorithm::Sha512,
        _ => return None,
    };
    is_base64_value(digest).then_some(SourceExpression::Hash(algorithm, digest))
}

/// What follows these letters, in any case.
fn after<'a>(prefix: &str, text: &'a str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    is_spelling(start, prefix).then_some(rest)
}

/// base64-value: `1*( ALPHA / DIGIT / "+" / "/" / "-" / "_" ) *2( "=" )`.
fn is_base64_value(text: &str) -> bool {
    let unpadded = |text| str::strip_suffix(text, '=').unwrap_or(text);
    let digits = unpadded(unpadded(text));
    !digits.is_empty() && run(digits, BASE64) == digits.len()
}

/// scheme-source: `scheme-part ":"`; or host-source: `[ scheme-part "://" ] host-part [ ":" port-part ] [ path-part ]`.
fn unquoted(text: &str) -> Option<SourceExpression<'_>> {
    let (scheme, rest) = text.split_at_checked(run(text, SCHEME))?;
    // `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )` (RFC 3986, section 3.1).
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    if is_scheme && rest == ":" {
        return Some(SourceExpression::Scheme(scheme));
    }
    match rest.strip_prefix("://") {
        Some(address) if is_scheme => host_source(Some(scheme), address),
        _ => host_source(None, text),
    }
}

/// What follows the scheme of a host-source.
fn host_source<'a>(scheme: Option<&'a str>, text: &'a str) -> Option<SourceExpression<'a>> {
    let (host, rest) = text.split_at_checked(host_part(text)?)?;
    let (port, path) = match rest.strip_prefix(':') {
        Some(rest) => rest.split_at_checked(port_part(rest)).map(|(port, path)| (Some(port), path)),
        None => Some((None, rest)),
    }?;
    let is_whole = port != Some("") && (path.is_empty() || is_path_part(path));
    let path = (!path.is_empty()).then_some(path);
    is_whole.then_some(SourceExpression::Host(HostSource { scheme, host, port, path }))
}

/// The length of a host-part: `"*" / [ "*." ] 1*host-char *( "." 1*host-char ) [ "." ]`.
fn host_part(text: &str) -> Option<usize> {
    let name = text.strip_prefix("*.").unwrap_or(text);
    match host_name(name) {
        0 => text.starts_with('*').then_some(1),
        length => Some(text.len() - name.len() + length),
    }
}

/// The length of `1*host-char *( "." 1*host-char ) [ "." ]`: no dot is first, or follows another one.
fn host_name(text: &str) -> usize {
    let mut may_be_dot = false;
    let ends = |byte: u8| {
        let is_host_char = is_of(byte, HOST);
        let is_part = is_host_char || byte == b'.' && may_be_dot;
        may_be_dot = is_host_char;
        !is_part
    };
    text.bytes().position(ends).unwrap_or(text.len())
}

/// The length of a port-part: `1*DIGIT / "*"`.
fn port_part(text: &str) -> usize {
    if text.starts_with('*') { 1 } else { run(text, DIGIT) }
}

/// path-part: a path-absolute of RFC 3986 (section 3.3), with escapes; `;` and `,` cannot stand in it, and no `/` after
/// the first one.
fn is_path_part(text: &str) -> bool {
    let is_hex = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_hexdigit);
    let mut rest = text.strip_prefix('/').filter(|rest| !rest.starts_with('/')).map(str::as_bytes);
    while let Some([first, more @ ..]) = rest {
        rest = match first {
            b'%' => more.get(2..).filter(|_| is_hex(more.first()) && is_hex(more.get(1))),
            _ => is_of(*first, SLASH | PATH).then_some(more),
        };
    }
    rest.is_some()
}
