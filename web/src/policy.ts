// A policy as the builder holds it: the sources of each directive.

export type Policy = Map<string, string[]>;

/** The sources with another one, or without it; a list without any is `'none'`. */
export function toggled(values: readonly string[], source: string, on: boolean): string[] {
  const rest = values.filter((value) => value !== source && value !== "'none'");
  if (on) rest.push(source);
  return rest.length === 0 ? ["'none'"] : rest;
}

/** What stands for a nonce until a server puts one there: in pages, in policies, and as `nonce` of a plan. */
export const NONCE = "CSPC_NONCE";

/** By what scripts that may run are known. */
export type Strategy = "address" | "nonce" | "hash";

const isNonce = (source: string) => source.startsWith("'nonce-");

export function strategyOf(scripts: readonly string[]): Strategy {
  if (!scripts.includes("'strict-dynamic'")) return "address";
  return scripts.some(isNonce) ? "nonce" : "hash";
}

/** The sources of scripts by another strategy. Addresses stay: browsers that do not know `'strict-dynamic'` go by them. */
export function byStrategy(scripts: readonly string[], strategy: Strategy): string[] {
  const strict = toggled(scripts, "'strict-dynamic'", strategy !== "address");
  if (strategy !== "nonce") return strict.filter(isNonce).reduce((list, nonce) => toggled(list, nonce, false), strict);
  return strict.some(isNonce) ? strict : toggled(strict, `'nonce-${NONCE}'`, true);
}

/** How a policy reports: whether it does nothing else, and the address of a group of reports, which may be none. */
export interface Reporting {
  only?: boolean;
  endpoint?: [group: string, address: string | undefined];
}

/** Headers in which a policy stands between these two parts, and which report so. */
export function reporting(before: string, policy: string, after: string, { only, endpoint }: Reporting): string {
  const name = /(content-security-policy)(?:-report-only)?(\s*:\s*)$/i;
  const text = (only === undefined ? before : before.replace(name, only ? "$1-Report-Only$2" : "$1$2")) + policy + after;
  return endpoint ? withEndpoint(text, ...endpoint) : text;
}

function withEndpoint(text: string, group: string, address: string | undefined): string {
  const lines = text.trimEnd().split("\n");
  const found = lines.findIndex((line) => /^reporting-endpoints\s*:/i.test(line));
  const value = lines[found]?.replace(/^[^:]*:/, "") ?? "";
  const entries = (value.match(/[^,"]+(?:"[^"]*")?/g) ?? []).map((entry) => entry.trim());
  const kept = entries.filter((entry) => entry !== "" && !entry.startsWith(`${group}=`));
  if (address !== undefined) kept.push(`${group}="${address}"`);
  const line = kept.length > 0 ? [`Reporting-Endpoints: ${kept.join(", ")}`] : [];
  lines.splice(found < 0 ? lines.length : found, found < 0 ? 0 : 1, ...line);
  return lines.join("\n");
}
