import type { Json } from '#kernel/canonical-json.ts';
import type { RipenEvent } from '#kernel/events/index.ts';

/** The part of an event that facts are made of, and readers of its data that never throw: a field that is not as promised is absent. */
export type MaturityEvent = Pick<RipenEvent, 'number' | 'id' | 'type' | 'time' | 'actor' | 'project' | 'data'>;
export type JsonObject = RipenEvent['data'];

/** A name or number as text: versions and revisions arrive as either. */
export function text(data: JsonObject, key: string): string | undefined {
  const value = data[key];
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function number(data: JsonObject, key: string): number | undefined {
  const value = data[key];
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** A count that is given as a number or as the list of what was counted. */
export function count(data: JsonObject, key: string): number | undefined {
  const value = data[key];
  return Array.isArray(value) ? value.length : number(data, key);
}

export function flag(data: JsonObject, key: string): boolean | undefined {
  const value = data[key];
  return typeof value === 'boolean' ? value : undefined;
}

export function record(data: JsonObject, key: string): JsonObject {
  return asRecord(data[key]);
}

export function records(data: JsonObject, key: string): readonly JsonObject[] {
  const value = data[key];
  return isList(value) ? value.map(asRecord) : [];
}

export function texts(data: JsonObject, key: string): readonly string[] {
  const value = data[key];
  return isList(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** A sha256 in hex, with or without its algorithm in front. */
export function isSha256(digest: string | undefined): boolean {
  return digest !== undefined && /^(?:sha256[:-])?[0-9a-f]{64}$/.test(digest);
}

// Array.isArray does not narrow a readonly array out of a union.
function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

function asRecord(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !isList(value) ? value : {};
}
