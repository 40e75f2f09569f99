// Tabs, as the ARIA Authoring Practices have them: arrows move between them, Tab goes on into the panel.

import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

interface Properties {
  tabs: readonly (readonly [name: string, label: string])[];
  current: string;
  onTab(name: string): void;
  children: ComponentChildren;
}

export function Tabs({ tabs, current, onTab, children }: Properties) {
  const list = useRef<HTMLDivElement>(null);
  const index = tabs.findIndex(([name]) => name === current);
  const steps: Record<string, number> = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: tabs.length - 1 };
  const key = (event: KeyboardEvent) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = (step + tabs.length) % tabs.length;
    onTab(tabs[next]![0]);
    (list.current?.children[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <>
      <div class="tabs" role="tablist" aria-label="Panels" ref={list} onKeyDown={key}>
        {tabs.map(([name, label]) => (
          <button role="tab" id={`tab-${name}`} aria-selected={name === current} aria-controls="panel" tabIndex={name === current ? 0 : -1} onClick={() => onTab(name)}>
            {label}
          </button>
        ))}
      </div>
      <div class="panel" id="panel" role="tabpanel" aria-labelledby={`tab-${current}`} tabIndex={0}>{children}</div>
    </>
  );
}
