// The editor: CodeMirror in a shadow root, where it uses adopted style sheets and so needs no inline style.

import { closeBrackets } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, redo, undo } from "@codemirror/commands";
import { type Diagnostic, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { Compartment, EditorState, type Extension, StateEffect, StateField, type RangeSet } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, highlightSpecialChars, keymap, placeholder } from "@codemirror/view";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Finding, Severity, Span } from "../engine/types";
import { type Words, completion, explanations, highlighting, marks } from "./language";
import { LONGEST } from "../state";
import { theme } from "./theme";
import { type Ask, typing } from "./typing";

const setMarks = StateEffect.define<RangeSet<Decoration>>();
const marked = StateField.define<RangeSet<Decoration>>({
  create: () => Decoration.none,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setMarks)) return effect.value;
    return transaction.docChanged ? Decoration.none : value.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const levels: Record<Severity, Diagnostic["severity"]> = { high: "error", medium: "warning", low: "info", info: "hint" };

function diagnostics(findings: readonly Finding[], length: number, view: () => EditorView | undefined): Diagnostic[] {
  return findings.flatMap((finding) => {
    const [from, to] = finding.location?.span ?? [0, 0];
    if (to > length) return [];
    const { fix } = finding;
    const mend = () => view()?.dispatch({ changes: change(fix!.span, fix!.replacement), userEvent: "input.fix" });
    return [{
      from,
      to: Math.max(from, to),
      severity: levels[finding.severity],
      message: `${finding.message}\n${finding.help}`,
      source: finding.rule,
      actions: fix ? [{ name: fix.safe ? "Fix" : "Fix (look at it)", apply: mend }] : [],
    }];
  });
}

const change = ([from, to]: Span, insert: string) => ({ from, to, insert });

/** What other parts of the page do to the editor. */
export interface Handle {
  text(): string;
  replace(text: string): void;
  edit(span: Span, replacement: string): void;
  select(span: Span): void;
  undo(): void;
  redo(): void;
}

interface Properties {
  label: string;
  /** What it begins with; later changes from outside go through the handle, so that none is undone by an older one. */
  initial: string;
  hint: string;
  words?: Words | undefined;
  findings?: readonly Finding[];
  decided?: readonly Span[];
  onText(text: string): void;
  onTyping: Ask;
  /** Something was to be put in that would have made it longer than the page takes. */
  onTooLong?(): void;
  onHandle?(handle: Handle): void;
}

export function Editor(properties: Properties) {
  const { label, initial, hint, words, findings = [], decided = [], onText, onTyping, onTooLong, onHandle } = properties;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | undefined>(undefined);
  const report = useRef(onText);
  report.current = onText;
  const vocabulary = useRef(new Compartment());

  // Before anything can be clicked that the handle is for.
  useLayoutEffect(() => {
    const root = host.current!.shadowRoot ?? host.current!.attachShadow({ mode: "open" });
    // Before the editor draws the text, so that the engine reads it meanwhile; a listener would be told after that.
    const changed = ViewPlugin.define(() => ({
      update: (update) => update.docChanged && report.current(update.state.doc.toString()),
    }));
    const short = EditorState.changeFilter.of((transaction) => {
      if (transaction.newDoc.length <= LONGEST) return true;
      onTooLong?.();
      return false;
    });
    const typed = typing(onTyping);
    const extensions: Extension[] = [
      short, typed,
      history(), highlightSpecialChars(), closeBrackets(), EditorView.lineWrapping,
      EditorState.allowMultipleSelections.of(false),
      // Tab leaves the editor, as a keyboard user expects.
      keymap.of([...defaultKeymap, ...historyKeymap, ...lintKeymap]),
      placeholder(hint), highlighting(), vocabulary.current.of([]), marked, theme, changed,
      EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off" }),
    ];
    const editor = new EditorView({ root, parent: root, state: EditorState.create({ doc: initial, extensions }) });
    view.current = editor;
    const drawn = () => {
      editor.plugin(typed)?.draw();
      return editor;
    };
    onHandle?.({
      text: () => drawn().state.doc.toString(),
      replace: (next) => drawn().dispatch({ changes: change([0, editor.state.doc.length], next), userEvent: "input" }),
      edit: (span, replacement) => drawn().dispatch({ changes: change(span, replacement), userEvent: "input.fix" }),
      select: ([anchor, head]) => {
        drawn().dispatch({ selection: { anchor, head }, scrollIntoView: true });
        editor.focus();
      },
      undo: () => undo(drawn()),
      redo: () => redo(drawn()),
    });
    return () => editor.destroy();
  }, []);

  useEffect(() => {
    if (words) view.current?.dispatch({ effects: vocabulary.current.reconfigure([completion(words), explanations(words.language)]) });
  }, [words]);

  // In the frame that shows the text.
  useLayoutEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnostics(findings, editor.state.doc.length, () => view.current)));
  }, [findings]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch({ effects: setMarks.of(marks(editor, decided)) });
  }, [decided]);

  return <div class="editor" ref={host} />;
}
