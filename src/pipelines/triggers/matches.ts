import { canonicalJson, type Json } from '#kernel/canonical-json.ts';
import type { RipenEvent } from '#kernel/events/index.ts';
import type { EventTrigger } from '../model.ts';

/** Whether an event is one that a trigger waits for. A name with dots reaches into nested data; a list means any of its values. */
export function matches(trigger: EventTrigger, event: RipenEvent): boolean {
  if (event.type !== trigger.on) return false;
  return Object.entries(trigger.where).every(([path, wanted]) => {
    const actual = valueAt(event.data, path);
    const candidates = Array.isArray(wanted) ? (wanted as readonly Json[]) : [wanted];
    return actual !== undefined && candidates.some((candidate) => canonicalJson(candidate) === canonicalJson(actual));
  });
}

function valueAt(data: RipenEvent['data'], path: string): Json | undefined {
  let value: Json | undefined = data;
  for (const name of path.split('.')) {
    if (value === null || value === undefined || typeof value !== 'object' || Array.isArray(value)) return undefined;
    value = (value as { readonly [key: string]: Json | undefined })[name];
  }
  return value;
}
