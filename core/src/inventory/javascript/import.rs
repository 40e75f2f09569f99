//! What modules import: scripts, and by an attribute style sheets and data.

use oxc_ast::AstKind;
use oxc_ast::ast::{Expression, ImportExpression, StringLiteral, WithClause};
use oxc_span::GetSpan;

use super::What;
use super::sinks::Reader;
use crate::inventory::model::Kind;

impl<'a> Reader<'_, 'a> {
    pub(super) fn imports(&mut self, kind: AstKind<'a>) {
        match kind {
            AstKind::ImportExpression(import) => self.dynamic_import(import),
            AstKind::ImportDeclaration(import) => {
                self.static_import(&import.source, import.with_clause.as_deref());
            }
            AstKind::ExportAllDeclaration(export) => {
                self.static_import(&export.source, export.with_clause.as_deref());
            }
            AstKind::ExportFromDeclaration(export) => {
                self.static_import(&export.source, export.with_clause.as_deref());
            }
            _ => {}
        }
    }

    fn static_import(&mut self, source: &StringLiteral<'a>, clause: Option<&WithClause<'a>>) {
        let mut entries = clause.into_iter().flat_map(|clause| &clause.with_entries);
        let declared = entries.find(|entry| entry.key.as_arena_str() == "type");
        let kind = kind(declared.map(|entry| entry.value.value.as_str()));
        self.push(source.span.start, What::Import(kind, source.value.to_string()));
    }

    /// `import(source, { with: { type: "json" } })`.
    fn dynamic_import(&mut self, import: &'a ImportExpression<'a>) {
        let declared = import.options.as_ref().into_iter();
        let declared = declared.flat_map(|options| self.values.members(options, "with"));
        let mut declared = declared.flat_map(|with| self.values.members(with, "type"));
        let kind = match declared.next() {
            Some(Expression::StringLiteral(declared)) => kind(Some(&declared.value)),
            _ => Kind::Script,
        };
        for (reference, _) in self.references(&import.source) {
            self.push(import.source.span().start, What::Import(kind, reference));
        }
    }
}

/// What a module of this declared type is to a policy (HTML, "fetch destination from module type"; CSP Level 3, section
/// 6.8.1: as data, it is connected to).
fn kind(declared: Option<&str>) -> Kind {
    match declared {
        Some("css") => Kind::Style,
        Some("json" | "text") => Kind::Connect,
        _ => Kind::Script,
    }
}
