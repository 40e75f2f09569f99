// A policy as the builder holds it: the sources of each directive.

export type Policy = Map<string, string[]>;

/** The sources with another one, or without it; a list without any is `'none'`. */
export function toggled(values: string[], source: string, on: boolean): string[] {
  const rest = values.filter((value) => value !== source && value !== "'none'");
  if (on) rest.push(source);
  return rest.length === 0 ? ["'none'"] : rest;
}
