/** An address whose parts are encoded: url`/api/v1/projects/${project}`. */
export function url(texts: TemplateStringsArray, ...parts: readonly (string | number)[]): string {
  return texts.reduce((address, text, index) => address + encodeURIComponent(String(parts[index - 1] ?? '')) + text);
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** Adds what is given to an address; a list becomes several members of one name. */
export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) for (const each of [value ?? []].flat()) search.append(name, String(each));
  return search.size === 0 ? path : `${path}?${search.toString()}`;
}
