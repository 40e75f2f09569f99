// The engine, in a worker of its own, so that no question blocks the page.

import init, * as engine from "../../../wasm/pkg/cspc_wasm.js";
import wasm from "../../../wasm/pkg/cspc_wasm_bg.wasm?url";
import type { Call, Reply, SiteRead } from "./client";

const ready = init({ module_or_path: new URL(wasm, import.meta.url) });

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

function answer({ name, argument }: Call): unknown {
  switch (name) {
    case "site":
      return site(argument.origin, argument.siteFile, argument.files);
    case "fmt":
      return engine.fmt(argument.policies, argument.style);
    case "useService":
      return JSON.parse(engine.useService(argument));
    case "emit":
      return JSON.parse(engine.emit(JSON.stringify(argument.plan), argument.target));
    case "rules":
    case "services":
    case "language":
    case "targets":
      return JSON.parse(engine[name]());
    default:
      return JSON.parse(engine[name](JSON.stringify(argument)));
  }
}

self.addEventListener("message", async ({ data }: MessageEvent<Call>) => {
  let reply: Reply;
  try {
    await ready;
    const value = await answer(data);
    const error = (value as { error?: unknown } | null)?.error;
    reply = typeof error === "string" ? { id: data.id, error } : { id: data.id, value };
  } catch (error) {
    reply = { id: data.id, error: String(error) };
  }
  self.postMessage(reply);
});
