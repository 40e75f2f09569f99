// Colours, completion and explanations for headers and policies, from the engine's own tables.

import { type Completion, type CompletionContext, type CompletionResult, autocompletion, closeCompletion, completionStatus } from "@codemirror/autocomplete";
import { HighlightStyle, StreamLanguage, type StreamParser, syntaxHighlighting } from "@codemirror/language";
import { type Extension, RangeSetBuilder } from "@codemirror/state";
import { Decoration, EditorView, hoverTooltip } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Language, Service, Since } from "../engine/types";
import { plain } from "../words";

/** What the editor knows words by. */
export interface Words {
  language: Language;
  services: readonly Service[];
}

interface State {
  /** What comes next: a directive's name, or its values. */
  expects: "name" | "value";
}

function colourOf(word: string): string {
  if (word.startsWith("'unsafe-")) return "invalid";
  if (/^'(nonce|sha\d+)-/.test(word)) return "number";
  return word.startsWith("'") ? "atom" : "string";
}

const WORD = /^[^\s;,]+/;
const NEXT_WORD = /^\s+([^\s;,]+)/;

/** Header names, directive names, keywords, hashes and nonces, and hosts. */
const parser: StreamParser<State> = {
  startState: () => ({ expects: "name" }),
  token(stream, state) {
    if (stream.sol() && stream.match(/^[A-Za-z][A-Za-z0-9-]*(?=:\s)/)) {
      stream.eat(":");
      state.expects = "name";
      return "heading";
    }
    if (stream.eatSpace()) return null;
    if (stream.match(/^[;,]/)) {
      state.expects = "name";
      return "punctuation";
    }
    const word = stream.match(WORD) as RegExpMatchArray;
    if (state.expects === "name") {
      state.expects = "value";
      return "keyword";
    }
    // Words of one colour are one element: browsers draw a long list of hosts more quickly then.
    const colour = colourOf(word[0]);
    const next = () => (stream.match(NEXT_WORD, false) as RegExpMatchArray | null)?.[1];
    for (let word = next(); word && colourOf(word) === colour; word = next()) stream.match(NEXT_WORD);
    return colour;
  },
};

const colours = HighlightStyle.define([
  { tag: tags.heading, color: "var(--code-header)", fontWeight: "600" },
  { tag: tags.keyword, color: "var(--code-directive)", fontWeight: "600" },
  { tag: tags.atom, color: "var(--code-keyword)" },
  { tag: tags.invalid, color: "var(--code-unsafe)", fontWeight: "600" },
  { tag: tags.number, color: "var(--code-hash)" },
  { tag: tags.string, color: "var(--code-host)" },
  { tag: tags.punctuation, color: "var(--muted)" },
]);

export function highlighting(): Extension {
  return [StreamLanguage.define(parser), syntaxHighlighting(colours)];
}

/** The directive around a place, as far as the text before it says. */
function directiveBefore(text: string): string | undefined {
  const clause = text.split(/[;,\n]/).at(-1) ?? "";
  const words = clause.replace(/^\s*[A-Za-z-]+:\s/, "").trimStart().split(/\s+/);
  return words.length > 1 ? words[0]?.toLowerCase() : undefined;
}

/** The sources of a service for a directive, by its title; what else the service needs is told beside it. */
function completionOf({ title, sources = {}, caveat }: Service, directive: string): Completion[] {
  const name = directive.replace(/-elem$/, "");
  const needed = sources[name];
  if (!needed) return [];
  const others = Object.keys(sources).filter((other) => other !== name);
  const more = others.length > 0 ? `It needs sources in ${others.join(", ")} as well: the Builder allows them all at once. ` : "";
  return [{ label: title, type: "text", apply: needed.join(" "), info: `${needed.join(" ")}\n${more}${caveat ?? ""}` }];
}

export function completion({ language, services }: Words): Extension {
  const names = language.directives
    .filter((directive) => directive.status === "standard")
    .map((directive) => ({ label: directive.name, type: "keyword", info: plain(directive.governs) }));
  const source = (context: CompletionContext): CompletionResult | null => {
    const line = context.state.doc.lineAt(context.pos);
    const word = context.matchBefore(/[^\s;,]*/);
    // Inside an address nothing is offered.
    if (!word || !/^[A-Za-z'0-9-]*$/.test(word.text) || (word.from === word.to && !context.explicit)) return null;
    const directive = directiveBefore(line.text.slice(0, word.from - line.from) + (word.text || " "));
    if (!directive) return { from: word.from, options: names, validFor: /^[a-z-]*$/i };
    const keywords = language.keywords
      .filter((keyword) => keyword.counts_in.includes(directive))
      .map((keyword) => ({ label: keyword.name, type: "constant", info: plain(keyword.allows) }));
    const none = { label: "'none'", type: "constant", info: "nothing at all" };
    const known = services.flatMap((service) => completionOf(service, directive));
    return { from: word.from, options: [none, ...keywords, ...known], validFor: /^[a-z'0-9-]*$/i };
  };
  // Completions that were on their way when the focus left would stay.
  const left = EditorView.updateListener.of(({ view, state }) => {
    if (!view.hasFocus && completionStatus(state) === "active") closeCompletion(view);
  });
  return [autocompletion({ override: [source], icons: false }), left];
}

function support(since: Since): string {
  const known = Object.entries(since).filter(([, version]) => version !== "-");
  if (known.length === 0) return "";
  return known.map(([browser, version]) => `${browser[0]?.toUpperCase()}${browser.slice(1)} ${version}`).join(" · ");
}

/** The word around a place, without what separates words. */
function wordAt(text: string, at: number): { from: number; to: number; word: string } | undefined {
  const isPart = (index: number) => /[^\s;,:]/.test(text[index] ?? " ");
  let from = at;
  let to = at;
  while (from > 0 && isPart(from - 1)) from--;
  while (to < text.length && isPart(to)) to++;
  return from < to ? { from, to, word: text.slice(from, to).toLowerCase() } : undefined;
}

export function explanations(language: Language): Extension {
  const about = new Map<string, { text: string; since: Since }>();
  for (const { name, governs, status, instead, since } of language.directives) {
    const standing = status === "standard" ? "" : ` (${status}${instead ? `: use ${plain(instead)}` : ""})`;
    about.set(name, { text: `Decides about ${plain(governs)}${standing}.`, since });
  }
  for (const { name, allows, since } of language.keywords) about.set(name, { text: `Allows ${plain(allows)}.`, since });
  return hoverTooltip((view, position) => {
    const line = view.state.doc.lineAt(position);
    const found = wordAt(line.text, position - line.from);
    const entry = found && about.get(found.word);
    if (!entry) return null;
    return {
      pos: line.from + found.from,
      end: line.from + found.to,
      create: () => ({ dom: card(found.word, entry.text, support(entry.since)) }),
    };
  });
}

function card(title: string, text: string, browsers: string): HTMLElement {
  const dom = document.createElement("div");
  dom.className = "hover-card";
  for (const [tag, content] of [["strong", title], ["p", text], ["small", browsers]] as const) {
    if (!content) continue;
    const element = document.createElement(tag);
    element.textContent = content;
    dom.append(element);
  }
  return dom;
}

const clause = Decoration.mark({ class: "cm-clause" });

/** Marks the spans that decided a question. */
export function marks(view: EditorView, spans: readonly [number, number][]) {
  const builder = new RangeSetBuilder<Decoration>();
  const length = view.state.doc.length;
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (from < to && to <= length) builder.add(from, to, clause);
  }
  return builder.finish();
}
