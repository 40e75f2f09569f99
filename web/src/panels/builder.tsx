import { useEffect, useRef, useState } from "preact/hooks";
import type { Read } from "../document";
import { ask } from "../engine/client";
import { Field } from "../parts";
import { NONCE, type Policy, type Reporting, type Strategy, byStrategy, strategyOf, toggled } from "../policy";
import { Services } from "./services";

/** What a person without knowledge of policies thinks of, and the directive that it is. */
const rows: [directive: string, label: string, hint: string][] = [
  ["script-src", "Scripts", "https://www.googletagmanager.com"],
  ["style-src", "Style sheets", "https://fonts.googleapis.com"],
  ["img-src", "Images", "https://images.example"],
  ["font-src", "Fonts", "https://fonts.gstatic.com"],
  ["connect-src", "Requests by scripts", "https://api.example"],
  ["frame-src", "Frames shown in the page", "https://www.youtube-nocookie.com"],
  ["media-src", "Audio and video", "https://media.example"],
  ["form-action", "Where forms are sent", "https://pay.example"],
  ["frame-ancestors", "Who may show the page in a frame", "https://partner.example"],
];

/** What else the form has. */
const settings = ["default-src", "report-uri", "report-to", "upgrade-insecure-requests", "require-trusted-types-for"];

const known = new Set([...rows.map(([directive]) => directive), ...settings]);

const strategies: [strategy: Strategy, label: string][] = [
  ["address", "those of the addresses below, every file of them"],
  ["nonce", "those that your server marks with a nonce, and what they load"],
  ["hash", "those whose code you paste below, by its hash, and what they load"],
];

/** An address to which reports can be sent, as a policy and a header can have it. */
const isEndpoint = (text: string) => /^(https:\/\/|\/)[^\s;,"\\]+$/.test(text);

const fresh: Policy = new Map([
  ["default-src", ["'none'"]], ["script-src", ["'self'"]], ["style-src", ["'self'"]], ["img-src", ["'self'"]], ["font-src", ["'self'"]],
  ["connect-src", ["'self'"]], ["base-uri", ["'none'"]], ["form-action", ["'self'"]], ["frame-ancestors", ["'none'"]],
]);

const write = (policy: Policy) => [...policy].map(([name, values]) => [name, ...values].join(" ")).join("; ");

async function hashOf(code: string): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code.replace(/\r\n?/g, "\n"))));
  return `'sha256-${btoa(String.fromCharCode(...digest))}'`;
}

interface Properties {
  read: Read;
  /** The text in the editor, which may be newer than the one that was read. */
  current(): string;
  /** Done when the editor has it. */
  onPolicy(policy: string, reports?: Reporting): Promise<void>;
}

export function BuilderPanel({ read, current, onPolicy }: Properties) {
  const field = read.responses.responses[0]?.fields.find((candidate) => candidate.delivery);
  const [policy, setPolicy] = useState<Policy>();
  // The newest one, which a change builds on though the engine has not read it yet.
  const latest = useRef<Policy>(new Map());
  const show = (next: Policy | undefined) => {
    latest.current = next ?? new Map();
    setPolicy(next);
  };
  // What was read before such a change is in the editor is not to take its place.
  const writing = useRef(0);
  const isOld = () => writing.current > 0 || read.text !== current();
  useEffect(() => {
    if (isOld()) return;
    if (!field?.value) return show(undefined);
    const shown = latest.current;
    if (field.value === write(shown)) return;
    void ask("parse", { input: field.value, delivery: field.delivery ?? "header" }).then((tree) => {
      if (latest.current !== shown || isOld()) return;
      const first = tree.directives.filter((directive) => directive.policy === 0);
      show(new Map(first.reverse().map((directive) => [directive.name, directive.values] as const).reverse()));
    });
  }, [read]);
  const become = async (next: Policy, reports?: Reporting) => {
    show(next);
    writing.current++;
    await onPolicy(write(next), reports).finally(() => writing.current--);
  };
  const [inline, setInline] = useState("");
  const [kind, setKind] = useState("script-src");

  if (!policy) {
    return (
      <div class="empty">
        <h2>Begin with a strict policy</h2>
        <p>It lets the page load its own scripts, styles, images and fonts, and nothing from anywhere else. Then allow what the page needs beyond that.</p>
        <p><button onClick={() => become(fresh)}>Write a strict policy</button></p>
      </div>
    );
  }

  const hasNoFallback = (directive: string) => directive === "form-action" || directive === "frame-ancestors";
  const values = (directive: string) =>
    latest.current.get(directive) ?? (hasNoFallback(directive) ? ["*"] : (latest.current.get("default-src") ?? []));
  const change = (changes: Record<string, string[]>) => become(new Map([...latest.current, ...Object.entries(changes)]));
  const without = (directive: string) => become(new Map([...latest.current].filter(([name]) => name !== directive)));
  const others = [...policy].filter(([name]) => !known.has(name));
  const strategy = strategyOf(values("script-src"));
  // Only beside other headers there is a place for more of them.
  const hasHeaders = read.responses.form === "headers";
  const report = (address: string | undefined) => {
    const group = policy.get("report-to")?.[0] ?? "csp";
    const rest = [...latest.current].filter(([name]) => name !== "report-uri" && name !== "report-to");
    const uri: [string, string[]][] = address === undefined ? [] : [["report-uri", [address]]];
    const to: [string, string[]][] = address === undefined || !hasHeaders ? [] : [["report-to", [group]]];
    become(new Map([...rest, ...uri, ...to]), hasHeaders ? { endpoint: [group, address] } : undefined);
  };

  const addInline = async () => {
    const hash = await hashOf(inline);
    change({ [kind]: toggled(values(kind), hash, true) });
    setInline("");
  };

  return (
    <>
      <p class="muted">What may the page load, and from where? Each change is written into the policy in the editor.</p>
      <Services policy={policy} values={values} onChange={change} />
      <fieldset>
        <legend>Which scripts may run</legend>
        {strategies.map(([name, label]) => (
          <label key={name} class="check">
            <input type="radio" name="strategy" checked={strategy === name} onChange={() => change({ "script-src": byStrategy(values("script-src"), name) })} /> {label}
          </label>
        ))}
        {strategy === "nonce" && <p class="muted">Each script of yours begins with <code>&lt;script nonce="{NONCE}"&gt;</code>; Output has what makes nginx and Caddy put a new nonce there for each response.</p>}
        {strategy !== "address" && <p class="muted">The addresses of scripts below count in old browsers only.</p>}
      </fieldset>
      {rows.map(([directive, label, hint]) => (
        <Row key={directive} label={label} hint={hint} directive={directive} values={values(directive)} onValues={(next) => change({ [directive]: next })} />
      ))}
      <fieldset>
        <legend>Code that stands in the page itself</legend>
        <p class="muted">Paste what is between &lt;script&gt; and &lt;/script&gt;, to the letter: exactly this code is allowed, by its hash.</p>
        <Field label="Inline code" multiline value={inline} onValue={setInline} />
        <p class="actions">
          <label class="check"><input type="radio" name="inline" checked={kind === "script-src"} onChange={() => setKind("script-src")} /> script</label>
          <label class="check"><input type="radio" name="inline" checked={kind === "style-src"} onChange={() => setKind("style-src")} /> style</label>
          <button disabled={inline === ""} onClick={addInline}>Allow this code</button>
        </p>
      </fieldset>
      <fieldset class="row">
        <legend>Reports <code class="muted">report-uri, report-to</code></legend>
        <Reports address={policy.get("report-uri")?.[0]} onAddress={report} />
        <label class="check">
          <input type="checkbox" disabled={!hasHeaders} checked={field?.delivery === "report-only"} onChange={(event) => become(latest.current, { only: event.currentTarget.checked })} />
          {" "}Only report what the policy would block, to try it
        </label>
      </fieldset>
      <fieldset>
        <legend>Upgrades</legend>
        <label class="check">
          <input type="checkbox" checked={policy.has("upgrade-insecure-requests")} onChange={(event) => (event.currentTarget.checked ? change({ "upgrade-insecure-requests": [] }) : without("upgrade-insecure-requests"))} />
          {" "}Load http: addresses by https:
        </label>
        <label class="check">
          <input type="checkbox" checked={policy.has("require-trusted-types-for")} onChange={(event) => (event.currentTarget.checked ? change({ "require-trusted-types-for": ["'script'"] }) : without("require-trusted-types-for"))} />
          {" "}Let no text become markup or code unchecked (Trusted Types)
        </label>
      </fieldset>
      {others.length > 0 && <p class="muted">Also in the policy: {others.map(([name]) => <code>{name} </code>)}</p>}
    </>
  );
}

function Reports({ address, onAddress }: { address: string | undefined; onAddress(address: string | undefined): void }) {
  const [text, setText] = useState("");
  if (address !== undefined) {
    return (
      <span class="chip">
        <code>{address}</code>
        <button class="quiet" aria-label={`Send no reports to ${address}`} onClick={() => onAddress(undefined)}>×</button>
      </span>
    );
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); onAddress(text); setText(""); }}>
      <input aria-label="Where reports are sent" value={text} placeholder="https://reports.example/csp" spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} />
      <button disabled={!isEndpoint(text)}>Send reports there</button>
    </form>
  );
}

interface RowProperties {
  label: string;
  directive: string;
  hint: string;
  values: string[];
  onValues(values: string[]): void;
}

function Row({ label, directive, hint, values, onValues }: RowProperties) {
  const [text, setText] = useState("");
  const sources = values.filter((value) => value !== "'none'" && value !== "'self'");
  const add = () => {
    const added = text.split(/[\s,;]+/).filter(Boolean);
    onValues(added.reduce((list, source) => toggled(list, source, true), values));
    setText("");
  };
  return (
    <fieldset class="row">
      <legend>{label} <code class="muted">{directive}</code></legend>
      <label class="check"><input type="checkbox" checked={values.includes("'self'")} onChange={(event) => onValues(toggled(values, "'self'", event.currentTarget.checked))} /> this site</label>
      {sources.map((source) => (
        <span class={`chip${source.startsWith("'unsafe-") || source === "*" ? " unsafe" : ""}`}>
          <code>{source.length > 44 ? `${source.slice(0, 40)}…` : source}</code>
          <button class="quiet" aria-label={`Take ${source} away from ${label}`} onClick={() => onValues(toggled(values, source, false))}>×</button>
        </span>
      ))}
      <form onSubmit={(event) => { event.preventDefault(); add(); }}>
        <input aria-label={`Another source of ${label}`} value={text} placeholder={hint} spellcheck={false} onInput={(event) => setText(event.currentTarget.value)} />
        <button disabled={text.trim() === ""}>Allow</button>
      </form>
    </fieldset>
  );
}
