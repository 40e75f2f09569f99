// What the engine says of the text in the editor.

import { useLayoutEffect, useMemo, useState } from "preact/hooks";
import { ask } from "./engine/client";
import type { Findings, PolicyText, Responses, Span } from "./engine/types";

export interface Read {
  text: string;
  findings: Findings;
  responses: Responses;
  error?: string;
  /** When the engine was asked. */
  asked?: number;
}

const nothing: Findings = { schema: "cspc.findings/1", findings: [], summary: { high: 0, medium: 0, low: 0, info: 0 } };

/** Asks; what is to be done before the answer is shown is done at once if none comes soon. */
type Asking<K> = (key: K, before?: () => void) => Promise<void>;

/**
 * Asks for the latest value only: while one question is on its way, the ones after it wait, and the last is asked. One that
 * was answered is asked anew, as its answer may have been drawn over: text that is put in place of itself has no underlines.
 */
function latest<K, V>(question: (key: K) => Promise<V>, onAnswer: (answer: V) => void): Asking<K> {
  let wanted: K | undefined;
  let busy = false;
  return async (key, before) => {
    wanted = key;
    if (busy) return before?.();
    busy = true;
    try {
      for (let asked: K | undefined; asked !== wanted; ) {
        asked = wanted;
        const answer = await question(asked as K);
        before?.();
        if (asked === wanted) onAnswer(answer);
      }
    } finally {
      busy = false;
    }
  };
}

/** The latest answer, and what asks for another. */
function useAnswers<K, V>(question: (key: K) => Promise<V>, initial: V): [V, Asking<K>] {
  const [value, setValue] = useState(initial);
  const ask = useMemo(() => latest(question, (answer) => setValue(() => answer)), []);
  return [value, ask];
}

/** The answer to the latest question. It is asked at once; an ordinary effect would first wait for the next frame. */
export function useLatest<K, V>(key: K, question: (key: K) => Promise<V>, initial: V): V {
  const [value, ask] = useAnswers(question, initial);
  useLayoutEffect(() => void ask(key), [key]);
  return value;
}

async function read(text: string): Promise<Read> {
  if (text.trim() === "") return { text, findings: nothing, responses: { form: "policy", responses: [] } };
  try {
    return { text, ...(await ask("document", { text, units: "utf-16" })) };
  } catch (error) {
    return { text, findings: nothing, responses: { form: "", responses: [] }, error: (error as Error).message };
  }
}

/** The name of the measure that says how long it took until the page had each answer. */
const MEASURE = "cspc findings";

async function timed(text: string): Promise<Read> {
  const asked = performance.now();
  return { asked, ...(await read(text)) };
}

/**
 * The findings about a text, and the policies in it; and what asks for those of the next text before the page is drawn with it,
 * so that both are done at the same time.
 */
export function useDocument(text: string): [Read, Asking<string>] {
  const [read, ask] = useAnswers(timed, { text: "", findings: nothing, responses: { form: "policy", responses: [] } } as Read);
  useLayoutEffect(() => void ask(text), [text]);
  useLayoutEffect(() => {
    if (read.asked !== undefined) performance.measure(MEASURE, { start: read.asked, end: performance.now() });
  }, [read]);
  return [read, ask];
}

/** The policies of the first response, and where each begins in the text. */
export function policies(responses: Responses): { texts: PolicyText[]; offsets: (number | undefined)[] } {
  const fields = (responses.responses[0]?.fields ?? []).filter((field) => field.delivery);
  return {
    texts: fields.map((field) => ({
      value: field.value,
      disposition: field.delivery === "report-only" ? "report" : "enforce",
      meta: field.delivery === "meta",
    })),
    offsets: fields.map((field) => field.offset),
  };
}

/** A span of the whole text for one of a policy's. */
export function placed([from, to]: Span, offset: number | undefined): Span[] {
  return offset === undefined ? [] : [[from + offset, to + offset]];
}
