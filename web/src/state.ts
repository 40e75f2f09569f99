// What the page holds, and its form in the address, by which it can be shared.

import type { EngineName } from "./engine/types";

export interface Shared {
  /** Headers, or a policy. */
  text: string;
  /** The page that they come with. */
  self: string;
  engine: EngineName;
  /** What they are compared with. */
  other: string;
  panel: string;
}

export const start: Shared = {
  text: "",
  self: "https://shop.example",
  engine: "chromium",
  other: "",
  panel: "findings",
};

const engines: readonly string[] = ["spec", "chromium", "firefox", "webkit"];

/** The longest text that the page takes, in UTF-16 code units. */
export const LONGEST = 256 * 1024;

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream, limit: number) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    length += next.value.length;
    if (length > limit) {
      await reader.cancel();
      throw new Error("it unpacks to more than this page takes");
    }
    parts.push(next.value as Uint8Array<ArrayBuffer>);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** The fragment that stands for a state. */
export async function toFragment(state: Shared): Promise<string> {
  const packed = await through(new TextEncoder().encode(JSON.stringify(state)), new CompressionStream("deflate-raw"), Infinity);
  let binary = "";
  for (const byte of packed) binary += String.fromCharCode(byte);
  return "#1" + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The state that a fragment stands for. Anybody may have written it: only texts of the right kind come through. */
export async function fromFragment(fragment: string): Promise<Shared> {
  if (fragment.length < 2) return start;
  if (!fragment.startsWith("#1")) throw new Error("it was not made by this page");
  const binary = atob(fragment.slice(2).replaceAll("-", "+").replaceAll("_", "/"));
  const packed = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const unpacked = await through(packed, new DecompressionStream("deflate-raw"), 4 * LONGEST);
  const read: unknown = JSON.parse(new TextDecoder().decode(unpacked));
  const field = (name: keyof Shared) => {
    const value = (read as Record<string, unknown> | null)?.[name];
    return typeof value === "string" && value.length <= LONGEST ? value : start[name];
  };
  const engine = field("engine");
  return {
    text: field("text"),
    self: field("self"),
    engine: engines.includes(engine) ? (engine as EngineName) : start.engine,
    other: field("other"),
    panel: field("panel"),
  };
}
