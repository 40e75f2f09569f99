//! What CSS loads.

use cssparser::{ParseError, Parser, Token};

use super::model::Kind;

/// Blocks nested deeper than this are not looked into: no author writes them, and each level costs stack.
const MAX_DEPTH: usize = 100;

/// A URL in a style sheet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reference {
    pub(super) kind: Kind,
    pub(super) url: String,
    pub(super) offset: usize,
}

/// The URLs that `css` loads: of imports, of fonts, and of images wherever else a `url()` stands.
///
/// Fragments alone (`url(#a)`) name a part of the document, and are left out.
pub(super) fn references(css: &str) -> Vec<Reference> {
    let mut walk = Walk { found: Vec::new() };
    // The tokenizer is not asked where nothing could be found: most style attributes are a colour or a width.
    if memchr::memmem::find(css.as_bytes(), b"(").is_some()
        || memchr::memchr(b'@', css.as_bytes()).is_some()
    {
        walk.block(&mut Parser::new(css), Context { kind: Kind::Image, strings: false, depth: 0 });
    }
    walk.found
}

/// What a URL at this place would be.
#[derive(Clone, Copy)]
struct Context {
    kind: Kind,
    /// Whether a bare string is a URL, too: in `@import`, `url()`, `src()` and `image-set()`.
    strings: bool,
    depth: usize,
}

/// The at-rule whose prelude is being read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Prelude {
    None,
    Import,
    FontFace,
    Other,
}

struct Walk {
    found: Vec<Reference>,
}

impl Walk {
    fn block(&mut self, parser: &mut Parser<'_>, context: Context) {
        let mut prelude = Prelude::None;
        loop {
            let offset = parser.position().byte_index();
            let Ok(token) = parser.next_including_whitespace().cloned() else { return };
            match &token {
                Token::AtKeyword(name) => prelude = at_rule(name),
                Token::Semicolon => prelude = Prelude::None,
                Token::UnquotedUrl(url) => self.url(url, offset, prelude, context),
                Token::QuotedString(url) if prelude == Prelude::Import || context.strings => {
                    self.url(url, offset, prelude, context);
                }
                Token::Function(name) => self.function(parser, name, prelude, context),
                Token::CurlyBracketBlock => {
                    let kind = if prelude == Prelude::FontFace { Kind::Font } else { context.kind };
                    prelude = Prelude::None;
                    self.nested(parser, Context { kind, strings: false, ..context });
                }
                Token::ParenthesisBlock | Token::SquareBracketBlock if prelude == Prelude::None => {
                    self.nested(parser, Context { strings: false, ..context });
                }
                _ => {}
            }
            // An import has one URL; a string or function after it is a layer or a condition.
            if prelude == Prelude::Import
                && matches!(
                    token,
                    Token::UnquotedUrl(_) | Token::QuotedString(_) | Token::Function(_)
                )
            {
                prelude = Prelude::Other;
            }
        }
    }

    fn url(&mut self, url: &str, offset: usize, prelude: Prelude, context: Context) {
        let kind = match prelude {
            Prelude::Import => Kind::Style,
            Prelude::None => context.kind,
            Prelude::FontFace | Prelude::Other => return,
        };
        if !url.is_empty() && !url.starts_with('#') {
            self.found.push(Reference { kind, url: url.to_owned(), offset });
        }
    }

    fn function(
        &mut self,
        parser: &mut Parser<'_>,
        name: &str,
        prelude: Prelude,
        context: Context,
    ) {
        let kind = match prelude {
            Prelude::Import => Kind::Style,
            Prelude::None => context.kind,
            Prelude::FontFace | Prelude::Other => return,
        };
        let strings = ["url", "src", "image-set", "-webkit-image-set"]
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name));
        // `type("image/png")` inside `image-set()` holds a string that is no URL: `strings` is not inherited.
        self.nested(parser, Context { kind, strings, ..context });
    }

    fn nested(&mut self, parser: &mut Parser<'_>, context: Context) {
        if context.depth == MAX_DEPTH {
            return;
        }
        let _: Result<(), ParseError<()>> = parser.parse_nested_block(|inner| {
            self.block(inner, Context { depth: context.depth + 1, ..context });
            Ok(())
        });
    }
}

fn at_rule(name: &str) -> Prelude {
    if name.eq_ignore_ascii_case("import") {
        Prelude::Import
    } else if name.eq_ignore_ascii_case("font-face") {
        Prelude::FontFace
    } else {
        Prelude::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(css: &str) -> Vec<(Kind, String)> {
        references(css).into_iter().map(|found| (found.kind, found.url)).collect()
    }

    #[test]
    fn imports_fonts_and_images_are_told_apart() {
        let css = "@import 'a.css' layer(x);@import url(\"b.css\") supports(display: grid) screen;\
            @namespace url(http://www.w3.org/1999/xhtml);\
            @font-face{font-family:X;src:local('Y'),url(x.woff2) format('woff2')}\
            @media (min-width:1px){a{background:url( 'i.png' ) , image-set('j.png' 1x, url(k.png) 2x type('image/png'))}}\
            b{filter:url(#f);mask:url(m.svg#x);content:'no.png'}";
        let expected = [
            (Kind::Style, "a.css"),
            (Kind::Style, "b.css"),
            (Kind::Font, "x.woff2"),
            (Kind::Image, "i.png"),
            (Kind::Image, "j.png"),
            (Kind::Image, "k.png"),
            (Kind::Image, "m.svg#x"),
        ];
        assert_eq!(urls(css), expected.map(|(kind, url)| (kind, url.to_owned())));
    }

    #[test]
    fn escapes_comments_and_errors_are_read_as_css_reads_them() {
        assert_eq!(
            urls("a{b:url(\\61.png)}/* url(no.png) */"),
            [(Kind::Image, "a.png".to_owned())]
        );
        assert_eq!(urls("a{b:url(un ended"), []);
        assert_eq!(urls(&"(".repeat(100_000)), []);
    }

    #[test]
    fn nesting_ends_without_using_up_the_stack() {
        let css = format!("a{{b:url(a.png)}}{}", "@media x{".repeat(50_000));
        assert_eq!(urls(&css), [(Kind::Image, "a.png".to_owned())]);
    }
}
