//! Source expressions (CSP Level 3, section 2.3.1), without copying.
//!
//! The grammar is nom's; runs of characters are counted by the byte, as a policy is little else and all of them are ASCII.

use std::fmt;

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while_m_n};
use nom::combinator::{all_consuming, map, opt, recognize, value, verify};
use nom::error::{Error, ErrorKind};
use nom::multi::many0_count;
use nom::sequence::{delimited, pair, preceded, terminated};
use nom::{IResult, Parser};

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
        let grammar = if text.starts_with('\'') { quoted } else { unquoted };
        all_consuming(grammar).parse(text).map_or(Self::Invalid(text), |(_, expression)| expression)
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

type Parsed<'a, T> = IResult<&'a str, T>;

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
const NOT_QUOTE: u8 = 1 << 6;

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
    let own = match byte {
        b'0'..=b'9' => DIGIT | HOST | SCHEME | PATH | BASE64,
        b'a'..=b'z' | b'A'..=b'Z' => HOST | SCHEME | PATH | BASE64,
        b'-' => HOST | SCHEME | PATH | BASE64,
        b'+' => SCHEME | PATH | BASE64,
        b'.' => SCHEME | PATH,
        b'_' => PATH | BASE64,
        b'/' => SLASH | BASE64,
        b'~' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'=' | b':' | b'@' => PATH,
        _ => 0,
    };
    if byte == b'\'' { own } else { own | NOT_QUOTE }
}

fn is_of(byte: u8, kinds: u8) -> bool {
    KINDS.get(usize::from(byte)).is_some_and(|own| own & kinds != 0)
}

/// The first so many bytes, of which there has to be one; all of them are ASCII.
fn run(input: &str, length: usize) -> Parsed<'_, &str> {
    match input.split_at_checked(length) {
        Some((run, rest)) if !run.is_empty() => Ok((rest, run)),
        _ => Err(nom::Err::Error(Error::new(input, ErrorKind::TakeWhile1))),
    }
}

/// As many bytes of these kinds as there are, and one at least.
fn run_of<'a>(kinds: u8) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| {
        let length = input.bytes().position(|byte| !is_of(byte, kinds));
        run(input, length.unwrap_or(input.len()))
    }
}

/// keyword-source, nonce-source, hash-source, `'none'`.
fn quoted(input: &str) -> Parsed<'_, SourceExpression<'_>> {
    delimited(tag("'"), alt((keyword, nonce, hash)), tag("'")).parse(input)
}

fn nonce(input: &str) -> Parsed<'_, SourceExpression<'_>> {
    map(preceded(prefix("nonce-"), base64_value), SourceExpression::Nonce).parse(input)
}

fn hash(input: &str) -> Parsed<'_, SourceExpression<'_>> {
    let algorithm = alt((
        value(HashAlgorithm::Sha256, prefix("sha256-")),
        value(HashAlgorithm::Sha384, prefix("sha384-")),
        value(HashAlgorithm::Sha512, prefix("sha512-")),
    ));
    map(pair(algorithm, base64_value), |(algorithm, digest)| {
        SourceExpression::Hash(algorithm, digest)
    })
    .parse(input)
}

/// These ASCII letters, in any case.
fn prefix<'a>(name: &'static str) -> impl Fn(&'a str) -> Parsed<'a, &'a str> {
    move |input| match input.split_at_checked(name.len()) {
        Some((start, rest)) if is_spelling(start, name) => Ok((rest, start)),
        _ => Err(nom::Err::Error(Error::new(input, ErrorKind::Tag))),
    }
}

/// base64-value: `1*( ALPHA / DIGIT / "+" / "/" / "-" / "_" ) *2( "=" )`.
fn base64_value(input: &str) -> Parsed<'_, &str> {
    recognize(pair(run_of(BASE64), take_while_m_n(0, 2, |c| c == '='))).parse(input)
}

fn keyword(input: &str) -> Parsed<'_, SourceExpression<'_>> {
    let (rest, name) = run_of(NOT_QUOTE).parse(input)?;
    if is_spelling(name, "none") {
        return Ok((rest, SourceExpression::None));
    }
    match Keyword::from_unquoted(name) {
        Some(keyword) => Ok((rest, SourceExpression::Keyword(keyword))),
        None => Err(nom::Err::Error(Error::new(input, ErrorKind::Tag))),
    }
}

/// scheme-source: `scheme-part ":"`; or host-source: `[ scheme-part "://" ] host-part [ ":" port-part ] [ path-part ]`.
fn unquoted(input: &str) -> Parsed<'_, SourceExpression<'_>> {
    match opt(terminated(scheme_part, tag(":"))).parse(input)? {
        (rest @ "", Some(scheme)) => Ok((rest, SourceExpression::Scheme(scheme))),
        (rest, scheme @ Some(_)) if rest.starts_with("//") => {
            preceded(tag("//"), |address| host_source(scheme, address)).parse(rest)
        }
        _ => host_source(None, input),
    }
}

/// `ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )` (RFC 3986, section 3.1).
fn scheme_part(input: &str) -> Parsed<'_, &str> {
    let is_first = |scheme: &&str| scheme.starts_with(|first: char| first.is_ascii_alphabetic());
    verify(run_of(SCHEME), is_first).parse(input)
}

/// What follows the scheme of a host-source.
fn host_source<'a>(scheme: Option<&'a str>, input: &'a str) -> Parsed<'a, SourceExpression<'a>> {
    let port = opt(preceded(tag(":"), port_part));
    let (rest, (host, port, path)) = (host_part, port, opt(path_part)).parse(input)?;
    Ok((rest, SourceExpression::Host(HostSource { scheme, host, port, path })))
}

/// host-part: `"*" / [ "*." ] 1*host-char *( "." 1*host-char ) [ "." ]`.
fn host_part(input: &str) -> Parsed<'_, &str> {
    alt((recognize(pair(opt(tag("*.")), host_name)), tag("*"))).parse(input)
}

/// `1*host-char *( "." 1*host-char ) [ "." ]`: no dot is first, or follows another one.
fn host_name(input: &str) -> Parsed<'_, &str> {
    let mut may_be_dot = false;
    let ends = |byte: u8| {
        let is_host_char = is_of(byte, HOST);
        let is_part = is_host_char || byte == b'.' && may_be_dot;
        may_be_dot = is_host_char;
        !is_part
    };
    run(input, input.bytes().position(ends).unwrap_or(input.len()))
}

/// port-part: `1*DIGIT / "*"`.
fn port_part(input: &str) -> Parsed<'_, &str> {
    alt((run_of(DIGIT), tag("*"))).parse(input)
}

/// path-part: a path-absolute of RFC 3986 (section 3.3); `;` and `,` cannot stand in it, and no `/` after the first one.
fn path_part(input: &str) -> Parsed<'_, &str> {
    let characters = many0_count(alt((run_of(SLASH | PATH), escape)));
    let first = alt((run_of(PATH), escape));
    recognize(pair(tag("/"), opt(pair(first, characters)))).parse(input)
}

/// pct-encoded.
fn escape(input: &str) -> Parsed<'_, &str> {
    recognize(pair(tag("%"), take_while_m_n(2, 2, |c: char| c.is_ascii_hexdigit()))).parse(input)
}
