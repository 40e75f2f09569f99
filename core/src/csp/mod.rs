//! The language of Content-Security-Policy: directives, source expressions, policies.
#![allow(missing_docs)]
macro_rules! directives { ($($v:ident $n:literal $s:literal),* $(,)?) => {
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Directive { $($v),* }
impl Directive {
    pub const fn as_str(self) -> &'static str { match self { $(Self::$v => $n),* } }
    pub fn from_name(name: &str) -> Option<Self> { $(if name.eq_ignore_ascii_case($n) { return Some(Self::$v); })* None }
    pub const fn takes_source_list(self) -> bool { match self { $(Self::$v => $s),* } }
}}}
directives! { DefaultSrc "default-src" true, ScriptSrc "script-src" true, ScriptSrcAttr "script-src-attr" true, StyleSrc "style-src" true, StyleSrcAttr "style-src-attr" true, ImgSrc "img-src" true, FontSrc "font-src" true, ConnectSrc "connect-src" true, MediaSrc "media-src" true, ObjectSrc "object-src" true, FrameSrc "frame-src" true, WorkerSrc "worker-src" true, ManifestSrc "manifest-src" true, BaseUri "base-uri" true, FormAction "form-action" true, FrameAncestors "frame-ancestors" true }
pub enum SourceExpression<'a> {
    Invalid(&'a str),
    Host(&'a str),
}
impl<'a> SourceExpression<'a> {
    pub fn parse(t: &'a str) -> Self {
        if t.contains([';', ' ', ',']) { Self::Invalid(t) } else { Self::Host(t) }
    }
}
