// What the engine says of the text in the editor.

import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { ask } from "./engine/client";
import type { Findings, PolicyText, Responses, Span } from "./engine/types";

export interface Read {
  text: string;
  findings: Findings;
  responses: Responses;
  error?: string;
}

const nothing: Findings = { schema: "cspc.findings/1", findings: [], summary: { high: 0, medium: 0, low: 0, info: 0 } };

/**
 * Asks for the latest value only: while one question is on its way, the ones after it wait, and the last is asked. It asks at
 * once; an ordinary effect would first wait for the next frame.
 */
export function useLatest<K, V>(key: K, question: (key: K) => Promise<V>, initial: V): V {
  const [value, setValue] = useState(initial);
  const wanted = useRef<K>(key);
  const busy = useRef(false);
  useLayoutEffect(() => {
    wanted.current = key;
    if (busy.current) return;
    const run = async () => {
      busy.current = true;
      for (let asked: K | undefined; asked !== wanted.current; ) {
        asked = wanted.current;
        const answer = await question(asked as K);
        if (asked === wanted.current) setValue(() => answer);
      }
      busy.current = false;
    };
    void run();
  }, [key]);
  return value;
}

async function read(text: string): Promise<Read> {
  if (text.trim() === "") return { text, findings: nothing, responses: { form: "policy", responses: [] } };
  try {
    const [findings, responses] = await Promise.all([
      ask("check", { text, units: "utf-16" }),
      ask("read", { text, units: "utf-16" }),
    ]);
    return { text, findings, responses };
  } catch (error) {
    return { text, findings: nothing, responses: { form: "", responses: [] }, error: (error as Error).message };
  }
}

/** The name of the measure that says how long each answer took. */
const MEASURE = "cspc findings";

async function measured(text: string): Promise<Read> {
  const start = performance.now();
  const answer = await read(text);
  performance.measure(MEASURE, { start, end: performance.now() });
  return answer;
}

/** The findings about a text, and the policies in it. */
export const useDocument = (text: string): Read => useLatest(text, measured, { text: "", findings: nothing, responses: { form: "policy", responses: [] } });

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
