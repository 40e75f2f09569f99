// The engine, in a worker of its own, so that no question blocks the page.

import init, * as engine from "../../../wasm/pkg/cspc_wasm.js";
import wasm from "../../../wasm/pkg/cspc_wasm_bg.wasm?url";
import { examples } from "../examples";
import type { Call, Reply, SiteRead } from "./client";

const ready = init({ module_or_path: new URL(wasm, import.meta.url) });
// Functions are compiled, and tables read, when they are first needed: before the first key instead of after it.
const warmUp = () => examples.forEach(({ text }) => answer({ id: 0, name: "document", argument: { text, units: "utf-16" } }));
ready.then(warmUp, () => undefined);

/** The largest file that is read, in bytes. */
const LARGEST = 128 * 1024 * 1024;

/** Reads the files of a site one after the other, and builds the headers for it. */
async function site(origin: string, siteFile: string, files: { path: string; file: File }[]): Promise<SiteRead> {
  const known = files.filter(({ path }) => engine.reads(path));
  const read = new engine.Site(origin);
  try {
    for (const { path, file } of known) {
      if (file.size <= LARGEST) read.add(path, new Uint8Array(await file.arrayBuffer()));
    }
    const large = known.filter(({ file }) => file.size > LARGEST).map(({ path }) => path);
    return { inventory: JSON.parse(read.inventory()), plan: JSON.parse(read.build(siteFile)), skipped: files.length - known.length, large };
  } finally {
    read.free();
  }
}

/** What an answer says; an error is thrown. */
function said(answer: string): unknown {
  const value = JSON.parse(answer) as { error?: unknown } | null;
  if (typeof value?.error === "string") throw new Error(value.error);
  return value;
}

function answer({ name, argument }: Call): unknown {
  switch (name) {
    case "document": {
      const question = JSON.stringify(argument);
      return { findings: said(engine.check(question)), responses: said(engine.read(question)) };
    }
    case "site":
      return site(argument.origin, argument.siteFile, argument.files);
    case "fmt":
      return engine.fmt(argument.policies, argument.style);
    case "useService":
      return said(engine.useService(argument));
    case "emit":
      return said(engine.emit(JSON.stringify(argument.plan), argument.target));
    case "rules":
    case "services":
    case "language":
    case "targets":
      return said(engine[name]());
    default:
      return said(engine[name](JSON.stringify(argument)));
  }
}

self.addEventListener("message", async ({ data }: MessageEvent<Call>) => {
  let reply: Reply;
  try {
    await ready;
    reply = { id: data.id, value: await answer(data) };
  } catch (error) {
    reply = { id: data.id, error: error instanceof Error ? error.message : String(error) };
  }
  self.postMessage(reply);
});
