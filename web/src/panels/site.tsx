import { useEffect, useState } from "preact/hooks";
import type { Dropped } from "../drop";
import { ask } from "../engine/client";
import type { Asset, Inventory, Plan } from "../engine/types";
import { Field } from "../parts";
import { Marked } from "./findings";
import { bytes, count } from "../words";

interface Built {
  inventory: Inventory;
  plan: Plan;
  notes: string[];
}

interface Properties {
  self: string;
  /** What was dropped on the page or chosen. */
  given: Promise<Dropped[]> | undefined;
  onGiven(files: Promise<Dropped[]>): void;
  onPolicy(text: string): void;
}

export function SitePanel({ self, given, onGiven, onPolicy }: Properties) {
  const [siteFile, setSiteFile] = useState("");
  const [built, setBuilt] = useState<Built>();
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);

  const build = async (files: Dropped[]) => {
    const { inventory, plan, skipped, large } = await ask("site", { origin: self, siteFile, files });
    const notes = large.map((path) => `${path} is larger than what this page reads: use the command line`);
    if ("error" in inventory) throw new Error(inventory.error);
    if (inventory.pages.length === 0) throw new Error(notes.join("; ") || "there is no page among them: expected files that end in .html, .htm, .svg or .har");
    if ("error" in plan) throw new Error(plan.error);
    if (skipped > 0) notes.push(`${count(skipped, "file")} of other kinds left aside`);
    return { inventory, plan, notes };
  };

  const take = async (files: Promise<Dropped[]>) => {
    setBusy(true);
    setError("");
    try {
      setBuilt(await build(await files));
    } catch (failure) {
      setBuilt(undefined);
      setError((failure as Error).message);
    }
    setBusy(false);
  };

  useEffect(() => {
    if (given) void take(given);
  }, [given]);

  return (
    <>
      <p class="muted">The pages that your build writes, one saved page, or a recording of a visit (a HAR file, from the browser's network panel): cspc finds what they load and run, and builds the policy for them. Nothing leaves this machine.</p>
      <div
        class={`drop${over ? " over" : ""}`}
        onDragOver={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onDrop={() => setOver(false)}
      >
        <p>Drop a page, a folder or a HAR file here, or</p>
        <p class="actions">
          <Picker label="Choose files" onFiles={(list) => onGiven(Promise.resolve(named(list)))} />
          <Picker label="Choose a folder" folder onFiles={(list) => onGiven(Promise.resolve(named(list)))} />
        </p>
      </div>
      <details>
        <summary>What the pages do at run time (cspc.toml)</summary>
        <Field label="cspc.toml" multiline value={siteFile} hint={'[sources]\nconnect-src = ["https://api.example"]'} onValue={setSiteFile} />
        {given && <button onClick={() => take(given)}>Build again</button>}
      </details>
      <p role="status" class="muted">{busy ? "Reading…" : ""}</p>
      {error && <p class="notice high" role="alert">{error}</p>}
      {built && <Result built={built} onPolicy={onPolicy} />}
    </>
  );
}

function Picker({ label, folder = false, onFiles }: { label: string; folder?: boolean; onFiles(files: FileList): void }) {
  return (
    <label class="button">
      {label}
      <input
        type="file"
        multiple
        class="visually-hidden"
        ref={(input) => { if (folder && input) input.webkitdirectory = true; }}
        onChange={(event) => {
          const { files } = event.currentTarget;
          if (files && files.length > 0) onFiles(files);
        }}
      />
    </label>
  );
}

const named = (list: FileList): Dropped[] => [...list].map((file) => ({ path: `/${file.webkitRelativePath.split("/").slice(1).join("/") || file.name}`, file }));

function Result({ built: { inventory, plan, notes }, onPolicy }: { built: Built; onPolicy(text: string): void }) {
  const { rules = [], findings = [] } = plan;
  const policies = new Set(rules.flatMap((rule) => rule.headers.filter(isPolicy).map((header) => header.value)));
  const { style_sheets: sheets = [], scripts = [], manifests = [] } = inventory;
  const assets = [...inventory.pages, ...sheets, ...scripts, ...manifests].flatMap((page) => page.assets.map((asset) => ({ page: page.path, asset })));
  return (
    <section data-testid="site">
      <h2>{count(inventory.pages.length, "page")}, {count(assets.length, "asset")}</h2>
      {notes.map((note) => <p class="muted">{note}</p>)}
      <h3>{count(policies.size, "policy", "policies")}</h3>
      {rules.map((rule, index) => rule.headers.some(isPolicy) && (
        <PolicyOf plan={plan} index={index} paths={[rule.match?.exact ?? []].flat()} headers={rule.headers} onPolicy={onPolicy} />
      ))}
      {findings.length > 0 && (
        <>
          <h3>What stays unsafe, and why</h3>
          <ul>{findings.map((finding) => <li><Marked text={finding.message} /><br /><span class="muted"><Marked text={finding.help} /></span></li>)}</ul>
        </>
      )}
      <h3>What the pages load and run</h3>
      <div class="table" tabIndex={0} role="region" aria-label="Assets">
        <table>
          <thead><tr><th>Kind</th><th>What</th><th>Where</th></tr></thead>
          <tbody>{assets.slice(0, 500).map(({ page, asset }) => <tr><td>{asset.kind}</td><td class="code">{what(asset)}</td><td class="code">{page}{!asset.implicit && `:${asset.line}`}</td></tr>)}</tbody>
        </table>
      </div>
      {assets.length > 500 && <p class="muted">and {assets.length - 500} more: `cspc inventory` lists them all</p>}
    </section>
  );
}

const isPolicy = (header: { name: string }) => header.name.toLowerCase().startsWith("content-security-policy");

/** Kinds whose code is what a policy forbids as such; of other code, reading does not tell what it will give. */
const mereCode: readonly string[] = ["eval", "wasm", "trusted-types-sink"];

/** What an asset is, in the words of `cspc inventory`. */
function what({ kind, url, specifier, relative, code, feature, delegated_to: origin, policy, hash, bytes: size }: Asset): string {
  if (specifier !== undefined) return `${specifier} (where an import map says)`;
  if (relative !== undefined) return `${relative} (relative to the page)`;
  if (code !== undefined) return mereCode.includes(kind) ? code : `unresolved: ${code}`;
  if (feature !== undefined) return origin === undefined ? feature : `${feature} in frames of ${origin}`;
  return url ?? policy ?? `${hash} (${bytes(size ?? 0)})`;
}

interface PolicyProperties {
  plan: Plan;
  index: number;
  paths: string[];
  headers: { name: string; value?: string }[];
  onPolicy(text: string): void;
}

function PolicyOf({ plan, index, paths, headers, onPolicy }: PolicyProperties) {
  const needs = (plan.sources ?? []).filter((source) => source.rule === index);
  const title = paths.length === 0 ? (plan.rules?.length === 1 ? "Everything" : "Everything else") : paths.slice(0, 3).join(", ") + (paths.length > 3 ? ` and ${paths.length - 3} more` : "");
  const common = plan.rules?.[0]?.headers ?? [];
  const names = new Set(headers.map((header) => header.name));
  const all = [...headers, ...common.filter((header) => !names.has(header.name))];
  return (
    <details class="policy">
      <summary>{title}</summary>
      <p class="actions"><button onClick={() => onPolicy(all.map(({ name, value }) => `${name}: ${value ?? ""}`).join("\n"))}>Put it into the editor</button></p>
      <table>
        <thead><tr><th>Directive</th><th>Expression</th><th>Needed by</th></tr></thead>
        <tbody>
          {needs.map(({ directive, expression, assets, count: total = assets.length }) => (
            <tr>
              <td class="code">{directive}</td><td class="code">{expression}</td>
              <td>{assets.slice(0, 2).map((asset) => <div>{asset.kind} at <span class="code">{asset.page}{asset.line > 0 && `:${asset.line}:${asset.column}`}</span></div>)}{total > 2 && <div class="muted">and {total - 2} more</div>}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
