/** Anything that JSON can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * JSON in one spelling: keys in code-unit order, no spaces, `undefined` members left out (RFC 8785).
 * Two equal values give equal bytes, so the text can be hashed.
 * @throws TypeError for NaN, infinities and anything JSON cannot say
 */
export function canonicalJson(value: Json): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} has no place in canonical JSON`);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  let members = '';
  // The order of code units is what sorting texts does by itself.
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined) continue;
    members += `${members === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members}}`;
}

/** `Array.isArray`, which by itself leaves a read-only list among the objects. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
