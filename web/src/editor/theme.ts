// How the editor looks. Its own pictures are `data:` URLs, which the page's policy does not allow: lines take their place.

import { EditorView } from "@codemirror/view";

const wave = (colour: string) => ({
  backgroundImage: "none",
  paddingBottom: "0",
  textDecoration: `underline wavy ${colour}`,
  textDecorationSkipInk: "none",
  textUnderlineOffset: "3px",
});

export const theme = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "var(--field)", height: "100%", fontSize: "14px" },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6" },
  ".cm-content": { padding: "12px 4px", caretColor: "var(--text)" },
  ".cm-placeholder": { color: "var(--muted)" },
  ".cm-content ::selection, .cm-content::selection": { backgroundColor: "var(--selection)" },
  ".cm-lintRange-error": wave("var(--high)"),
  ".cm-lintRange-warning": wave("var(--medium)"),
  ".cm-lintRange-info": wave("var(--low)"),
  ".cm-lintRange-hint": { backgroundImage: "none" },
  ".cm-lintRange-active": { backgroundColor: "var(--selection)" },
  ".cm-clause": { backgroundColor: "var(--mark)", borderRadius: "3px" },
  ".cm-tooltip": { background: "var(--panel)", color: "var(--text)", border: "1px solid var(--line)", borderRadius: "6px", maxWidth: "36rem" },
  ".cm-diagnostic": { whiteSpace: "pre-wrap", borderLeftWidth: "4px", padding: "6px 10px" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--high)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--medium)" },
  ".cm-diagnostic-info": { borderLeftColor: "var(--low)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionInfo": { padding: "6px 10px" },
  ".hover-card": { padding: "8px 12px", fontFamily: "var(--sans)", fontSize: "13px" },
  ".hover-card p": { margin: "4px 0" },
  ".hover-card small": { color: "var(--muted)" },
});
