// The page's side of the engine: a promise for each question.

import type * as T from "./types";
import address from "./worker.ts?worker&url";

/** What the files of a site come to. */
export interface SiteRead {
  inventory: T.Inventory | { error: string };
  plan: T.Plan | { error: string };
  /** How many files are of kinds that the engine does not read. */
  skipped: number;
  /** The files that are larger than what it reads. */
  large: string[];
}

interface Calls {
  document: { argument: { text: string; units: "utf-16" }; value: { findings: T.Findings; responses: T.Responses } };
  read: { argument: { text: string; units: "utf-16" }; value: T.Responses };
  explain: {
    argument: { self: string; policies: T.PolicyText[]; engine: T.EngineName; units: "utf-16" } & T.Asked;
    value: T.Explained;
  };
  diff: {
    argument: { old: T.PolicyText[]; new: T.PolicyText[]; self: string; engine: T.EngineName };
    value: T.Compared;
  };
  grade: { argument: { url: string; headers: [string, string][] }; value: T.Graded };
  parse: { argument: { input: string; delivery: T.Delivery }; value: T.Tree };
  fmt: { argument: { policies: string; style: "canonical" | "minified" | "lines" | "normalized" }; value: string };
  emit: { argument: { plan: unknown; target: string }; value: T.Configuration };
  site: { argument: { origin: string; siteFile: string; files: { path: string; file: File }[] }; value: SiteRead };
  rules: { argument: null; value: T.Rule[] };
  services: { argument: null; value: T.Service[] };
  useService: { argument: string; value: T.ServiceUse };
  language: { argument: null; value: T.Language };
  targets: { argument: null; value: string[] };
}

type Name = keyof Calls;

/** What is sent to the worker. */
export type Call = { [N in Name]: { id: number; name: N; argument: Calls[N]["argument"] } }[Name];

/** What it sends back. */
export type Reply = { id: number; value: unknown } | { id: number; error: string };

/** What the engine says to what is no question. */
export class EngineError extends Error {}

const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
let last = 0;

type Types = { createPolicy(name: string, rules: object): { createScriptURL(url: string): string } };

/** Script URLs that the page makes of strings: its own two, by a Trusted Types policy of its own. */
const scripts = (globalThis as { trustedTypes?: Types }).trustedTypes?.createPolicy("cspc-scripts", {
  createScriptURL: (url: string) => url,
});
const scriptUrl = (url: string): string => scripts?.createScriptURL(url) ?? url;

/** Keeps the page for when there is no network. A browser that will not simply asks again each time. */
export function keepForOffline() {
  const address = scriptUrl(new URL("./offline.js", document.baseURI).href);
  navigator.serviceWorker?.register(address).catch(() => undefined);
}

let worker: Worker | undefined;

function started(): Worker {
  if (worker) return worker;
  worker = new Worker(scriptUrl(address), { type: "module" });
  worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
    const caller = waiting.get(data.id);
    waiting.delete(data.id);
    if ("error" in data) caller?.reject(new EngineError(data.error));
    else caller?.resolve(data.value as never);
  });
  worker.addEventListener("error", (event) => fail(event.message || "the engine could not be loaded"));
  return worker;
}

function fail(message: string) {
  for (const caller of waiting.values()) caller.reject(new EngineError(message));
  waiting.clear();
}

/** Asks the engine. */
export function ask<N extends Name>(name: N, argument: Calls[N]["argument"]): Promise<Calls[N]["value"]> {
  const id = ++last;
  return new Promise((resolve, reject) => {
    waiting.set(id, { resolve: resolve as (value: never) => void, reject });
    started().postMessage({ id, name, argument });
  });
}
