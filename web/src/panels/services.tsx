import { useEffect, useState } from "preact/hooks";
import { ask, EngineError } from "../engine/client";
import type { Service, ServiceUse } from "../engine/types";
import { Choice, Field } from "../parts";
import { type Policy, toggled } from "../policy";

/** What so many pages use that it is offered at a glance. */
const common = ["google-analytics-4", "google-fonts", "google-maps", "youtube-embed", "vimeo", "stripe", "paypal", "google-recaptcha"];

/** Whether the policy allows all that a service needs. Of one for which nothing can be allowed, no policy tells. */
function isUsed(policy: Policy, sources: Sources): boolean {
  const needed = Object.entries(sources).flatMap(([directive, values]) => values.map((source) => ({ directive, source })));
  return needed.length > 0 && needed.every(({ directive, source }) => policy.get(directive)?.includes(source));
}

type Sources = ServiceUse["sources"];

interface Properties {
  policy: Policy;
  /** What the policy allows for a directive now, by its fallback too. */
  values(directive: string): string[];
  onChange(changes: Record<string, string[]>): void;
}

/** Third parties, by what they are called instead of by where they are. */
export function Services({ policy, values, onChange }: Properties) {
  const [services, setServices] = useState<Service[]>([]);
  const [chosen, setChosen] = useState("");
  useEffect(() => void ask("services", null).then(setServices), []);

  const set = (sources: Sources, on: boolean) =>
    onChange(Object.fromEntries(Object.entries(sources).map(([directive, needed]) => [directive, needed.reduce((list, source) => toggled(list, source, on), values(directive))])));
  const shown = services.filter((service) => common.includes(service.name) || (service.sources && isUsed(policy, service.sources)));
  const others = services.filter((service) => !shown.includes(service));
  const service = others.find(({ name }) => name === chosen);
  return (
    <fieldset>
      <legend>Services that the page uses</legend>
      {shown.map(({ name, title, sources = {} }) => (
        <label key={name} class="check">
          <input type="checkbox" checked={isUsed(policy, sources)} onChange={(event) => set(sources, event.currentTarget.checked)} /> {title}
        </label>
      ))}
      <Choice label="Another service" value={service ? chosen : ""} options={[["", "Choose…"], ...others.map(({ name, title }) => [name, title] as const)]} onValue={setChosen} />
      {service && <Addition key={service.name} service={service} onAdd={(sources) => { set(sources, true); setChosen(""); }} />}
    </fieldset>
  );
}

/** A service about to be added, with what it has to be told first. */
function Addition({ service, onAdd }: { service: Service; onAdd(sources: Sources): void }) {
  const [given, setGiven] = useState<Record<string, string>>({});
  const [error, setError] = useState("");
  const refused = Object.entries(service.refused ?? {});
  const add = async () => {
    const parameters = service.parameters.map((name) => `${name}=${given[name] ?? ""}`).join(",");
    try {
      const { sources } = await ask("useService", parameters ? `${service.name}:${parameters}` : service.name);
      onAdd(sources);
    } catch (failure) {
      setError((failure as EngineError).message);
    }
  };
  return (
    <div>
      {service.parameters.map((name) => (
        <Field label={`Your ${name} at ${service.title}`} value={given[name] ?? ""} onValue={(value) => setGiven({ ...given, [name]: value })} />
      ))}
      <p class="muted">
        Looked up on {service.date}{service.caveat && `; ${service.caveat}`}. See <a href={service.docs} rel="noreferrer" target="_blank">its documentation</a>.
      </p>
      {refused.length > 0 && (
        <p class="notice medium">It also asks for {refused.map(([directive, sources]) => <code>{directive} {sources.join(" ")} </code>)}, which would let in more than the service: that is left out, and a part of it may not work.</p>
      )}
      <p class="actions"><button onClick={add}>Allow {service.title}</button></p>
      {error && <p class="notice high" role="alert">{error}</p>}
    </div>
  );
}
