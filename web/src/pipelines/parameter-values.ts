export type Parameters = Readonly<Record<string, unknown>>;

/** The parameters whose value is another than the default. */
export function changedParameters(values: Parameters, defaults: Parameters | undefined): Parameters {
  if (defaults === undefined) return values;
  return Object.fromEntries(Object.entries(values).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name])));
}

export function parametersText(values: Parameters): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${valueText(value)}`)
    .join(', ');
}

export function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export type ReadValue = { readonly value: unknown } | { readonly problem: string };

/** What was typed, as a value of the kind of its default. Text stays text. */
export function readValue(typed: string, like: unknown): ReadValue {
  if (typeof like === 'string') return { value: typed };
  const text = typed.trim();
  if (typeof like === 'number') {
    const value = Number(text);
    return text !== '' && Number.isFinite(value) ? { value } : { problem: 'Write a number, for example 0.5.' };
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof like === 'boolean' && typeof value !== 'boolean') return { problem: 'Write true or false.' };
    return { value };
  } catch {
    return { problem: typeof like === 'boolean' ? 'Write true or false.' : 'Write JSON, for example [1, 2].' };
  }
}
