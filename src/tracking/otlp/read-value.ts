import type { Json } from '#kernel/canonical-json.ts';
import type { Attributes } from '../traces/model.ts';

/** A decoded message or an object of OTLP's JSON: both name their members in camel case. */
export type Message = Readonly<Record<string, unknown>>;

/** Deeper values are left out. */
const deepest = 64;

export function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function messagesOf(value: unknown): readonly Message[] {
  return Array.isArray(value) ? value.filter(isMessage) : [];
}

/** A list of key and value as an object; of a key that stands twice the last counts. */
export function readAttributes(list: unknown, depth = 0): Attributes {
  return Object.fromEntries(
    messagesOf(list).flatMap(({ key, value }) => (typeof key === 'string' && key !== '' ? [[key, readValue(value, depth)]] : [])),
  );
}

/** An `AnyValue`. What JSON cannot say becomes text: NaN, infinities, whole numbers beyond 2^53, and bytes in base64. */
export function readValue(value: unknown, depth = 0): Json {
  if (!isMessage(value) || depth > deepest) return null;
  const member = (name: string) => (Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined);
  const text = member('stringValue');
  if (typeof text === 'string') return text;
  const truth = member('boolValue');
  if (typeof truth === 'boolean') return truth;
  const whole = member('intValue');
  if (whole !== undefined) return wholeOf(whole);
  const number = member('doubleValue');
  if (number !== undefined) return numberOf(number);
  const list = member('arrayValue');
  if (isMessage(list)) return messagesOf(list['values']).map((each) => readValue(each, depth + 1));
  const pairs = member('kvlistValue');
  if (isMessage(pairs)) return readAttributes(pairs['values'], depth + 1);
  const bytes = member('bytesValue');
  if (bytes instanceof Uint8Array) return Buffer.from(bytes).toString('base64');
  return typeof bytes === 'string' ? bytes : null;
}

function wholeOf(value: unknown): Json {
  const whole = readWhole(value);
  const number = Number(whole);
  return Number.isSafeInteger(number) ? number : String(whole);
}

function numberOf(value: unknown): Json {
  const number = Number(value);
  return Number.isFinite(number) ? number : String(number);
}

/** A 64-bit number: a `Long` of the decoder, or a number or text of JSON. 0 for anything else. */
export function readWhole(value: unknown): bigint {
  if (typeof value === 'number') return Number.isFinite(value) ? BigInt(Math.trunc(value)) : 0n;
  if (typeof value === 'string') return /^-?\d{1,20}$/.test(value) ? BigInt(value) : 0n;
  if (!isMessage(value) || typeof value['low'] !== 'number' || typeof value['high'] !== 'number') return 0n;
  const bits = (BigInt(value['high'] >>> 0) << 32n) | BigInt(value['low'] >>> 0);
  return value['unsigned'] === true ? bits : BigInt.asIntN(64, bits);
}
