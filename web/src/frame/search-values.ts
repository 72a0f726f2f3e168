/** What stands in the search part of an address, read with care: people type there. */
export type Search = Readonly<Record<string, unknown>>;

/** Text, also where it looks like a number or a truth value. */
export function textIn(search: Search, name: string): string | undefined {
  const value = search[name];
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number of at least `least`. */
export function numberIn(search: Search, name: string, least = 1): number | undefined {
  const value = Number(search[name] ?? Number.NaN);
  return Number.isSafeInteger(value) && value >= least ? value : undefined;
}

export function choiceIn<Value extends string>(search: Search, name: string, choices: readonly Value[]): Value | undefined {
  return choices.find((choice) => choice === search[name]);
}
