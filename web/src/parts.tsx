// Small parts that the panels share.

import { useId, useState } from "preact/hooks";

interface FieldProperties {
  label: string;
  value: string;
  onValue(value: string): void;
  /** An address, or a list of them. */
  address?: boolean;
  multiline?: boolean;
  hint?: string;
}

export function Field({ label, value, onValue, address = false, multiline = false, hint }: FieldProperties) {
  const id = useId();
  const common = { id, value, spellcheck: false, autocomplete: "off", placeholder: hint ?? "" };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {multiline
        ? <textarea {...common} rows={3} onInput={(event) => onValue(event.currentTarget.value)} />
        : <input {...common} type="text" inputMode={address ? "url" : "text"} class={address ? "code" : ""} onInput={(event) => onValue(event.currentTarget.value)} />}
    </div>
  );
}

interface ChoiceProperties {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  onValue(value: string): void;
}

export function Choice({ label, value, options, onValue }: ChoiceProperties) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map(([option, text]) => <option value={option}>{text}</option>)}
      </select>
    </div>
  );
}

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [said, setSaid] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setSaid("Copied");
    } catch {
      setSaid("Select and copy it by hand");
    }
    setTimeout(() => setSaid(""), 2000);
  };
  return <button class="quiet" onClick={copy} aria-live="polite">{said || label}</button>;
}

export function DownloadButton({ name, text }: { name: string; text: string }) {
  const download = () => {
    const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name.replace(/^\./, "dot-");
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  return <button class="quiet" onClick={download}>Download</button>;
}
