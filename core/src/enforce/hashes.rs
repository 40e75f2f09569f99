//! The hash-sources of a list, found by their digests however many there are (sections 6.7.2.4 and 6.7.3.3).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

use super::engine::Engine;
use super::index::{Index, Seed};
use super::request::Inline;
use crate::csp::{HashAlgorithm, SourceExpression};
use crate::text::Span;

/// The algorithms, the one first that most policies use.
const ALGORITHMS: [HashAlgorithm; 3] =
    [HashAlgorithm::Sha256, HashAlgorithm::Sha384, HashAlgorithm::Sha512];

/// The length of the longest digest, in base64.
const LONGEST: usize = 88;

/// The base64 of the digest of `content`, in UTF-8, as a hash-source holds it (section 2.3.1).
///
/// ```
/// use cspc_core::csp::HashAlgorithm;
/// use cspc_core::enforce::digest;
/// assert_eq!(digest(HashAlgorithm::Sha256, ""), "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
/// ```
pub fn digest(algorithm: HashAlgorithm, content: &str) -> String {
    digest_into(algorithm, content, &mut [0; LONGEST]).to_owned()
}

fn digest_into<'b>(
    algorithm: HashAlgorithm,
    content: &str,
    buffer: &'b mut [u8; LONGEST],
) -> &'b str {
    let length = match algorithm {
        HashAlgorithm::Sha256 => STANDARD.encode_slice(Sha256::digest(content), buffer),
        HashAlgorithm::Sha384 => STANDARD.encode_slice(Sha384::digest(content), buffer),
        HashAlgorithm::Sha512 => STANDARD.encode_slice(Sha512::digest(content), buffer),
    };
    let written = length.ok().and_then(|length| buffer.get(..length));
    written.and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The hash-sources of a list.
#[derive(Debug)]
pub(super) struct Hashes<'a> {
    engine: Engine,
    index: Index<Vec<Listed<'a>>>,
    /// Whether there is one, by algorithm.
    present: [bool; ALGORITHMS.len()],
}

/// A hash-source. Those that differ only in their alphabet or padding stand together.
#[derive(Clone, Copy, Debug)]
struct Listed<'a> {
    algorithm: HashAlgorithm,
    value: &'a str,
    span: Span,
}

impl<'a> Hashes<'a> {
    pub(super) fn of(expressions: &[(Span, SourceExpression<'a>)], engine: Engine) -> Self {
        let listed = || {
            expressions.iter().filter_map(|(span, expression)| match *expression {
                SourceExpression::Hash(algorithm, value) => {
                    Some(Listed { algorithm, value, span: *span })
                }
                _ => None,
            })
        };
        let seed = Seed::of(listed().map(|hash| hash.value));
        let mut hashes = Self { engine, index: Index::new(seed), present: [false; 3] };
        listed().for_each(|hash| hashes.add(hash));
        hashes
    }

    fn add(&mut self, hash: Listed<'a>) {
        if let Some(present) = self.present.get_mut(hash.algorithm as usize) {
            *present = true;
        }
        let key = self.index.hash(key(hash.value));
        let is_alike = |listed: &Vec<Listed<'_>>| {
            listed.first().is_some_and(|first| key_eq(first.value, hash.value))
        };
        let alike = self.index.entry(key, is_alike, Vec::new);
        if !alike.iter().any(|known| (known.algorithm, known.value) == (hash.algorithm, hash.value))
        {
            alike.push(hash);
        }
    }

    /// Where the hash of an item's content stands. Each algorithm that is listed runs once.
    pub(super) fn of_inline(&self, item: &Inline) -> Option<Span> {
        let listed = ALGORITHMS.iter().zip(self.present).filter(|(_, present)| *present);
        let found = listed.filter_map(|(algorithm, _)| {
            let mut buffer = [0; LONGEST];
            let actual = match &item.hash {
                None => digest_into(*algorithm, &item.content, &mut buffer),
                Some((known, value)) => (known == algorithm).then_some(value)?,
            };
            self.find(*algorithm, actual, |expected| same_base64(actual, expected, self.engine))
        });
        found.min()
    }

    /// Where a hash of integrity metadata stands. By the text, it is compared as a string (section 6.7.2.4, step 6.1),
    /// unlike the hashes of inline code.
    pub(super) fn of_integrity(&self, algorithm: HashAlgorithm, value: &str) -> Option<Span> {
        self.find(algorithm, value, |expected| {
            if self.engine.lenient_hashes() {
                same_base64(value, expected, self.engine)
            } else {
                value == expected
            }
        })
    }

    fn find(
        &self,
        algorithm: HashAlgorithm,
        value: &str,
        matches: impl Fn(&str) -> bool,
    ) -> Option<Span> {
        let is_alike = |listed: &Vec<Listed<'_>>| {
            listed.first().is_some_and(|first| key_eq(first.value, value))
        };
        let alike = self.index.get(self.index.hash(key(value)), is_alike)?;
        let found = alike.iter().find(|hash| hash.algorithm == algorithm && matches(hash.value));
        found.map(|hash| hash.span)
    }
}

/// What hashes have in common that any engine takes to be the same.
fn key(value: &str) -> impl Iterator<Item = u8> {
    value.trim_end_matches('=').bytes().map(standard_digit)
}

fn key_eq(a: &str, b: &str) -> bool {
    key(a).eq(key(b))
}

/// Whether a digest is the value of a hash-source, which may be in either alphabet of base64 (section 6.7.3.3, step
/// 5.2.2).
fn same_base64(actual: &str, expected: &str, engine: Engine) -> bool {
    key_eq(actual, expected) && (engine.lenient_hashes() || actual.len() == expected.len())
}

const fn standard_digit(digit: u8) -> u8 {
    match digit {
        b'-' => b'+',
        b'_' => b'/',
        other => other,
    }
}
