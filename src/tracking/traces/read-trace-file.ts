import type { Json } from '#kernel/canonical-json.ts';
import { RipenError } from '#kernel/errors.ts';
import { getFile, openFile } from '../artifacts/files.ts';
import type { Artifact } from '../model.ts';
import { plainAttributes } from '../otlp/read-export.ts';
import type { Workshop } from '../service.ts';
import type { TraceAddress } from './assess.ts';
import type { Attributes, Span, SpanEvent, SpanStatus } from './model.ts';
import { isRecord, translateSpan } from './translate-span.ts';

/** Larger files are not read into memory. */
const largestFile = 64 * 1024 * 1024;

/** A file that a client put beside a trace. */
export async function findTraceFile(workshop: Workshop, { project, trace }: TraceAddress, name: string): Promise<Artifact | undefined> {
  try {
    return await getFile(workshop, { holder: { kind: 'trace', project, trace }, name });
  } catch (error) {
    if (error instanceof RipenError && error.code === 'tracking.artifact-not-found') return undefined;
    throw error;
  }
}

/**
 * The spans of a trace whose client keeps them in a file: all clients before version 3 do. Empty when there is no such file, or it is
 * not one that spans can be read from.
 */
export async function readTraceFile(workshop: Workshop, at: TraceAddress): Promise<Span[]> {
  const file = await findTraceFile(workshop, at, 'traces.json');
  if (file === undefined || file.size > largestFile) return [];
  const chunks: Buffer[] = [];
  for await (const chunk of await openFile(workshop, file)) chunks.push(chunk as Buffer);
  return spansOfFile(Buffer.concat(chunks).toString('utf8'));
}

/** Spans of the file's text, in the shape of clients before version 3 or since. */
export function spansOfFile(text: string): Span[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text, exactWholes as (key: string, value: unknown) => unknown);
  } catch {
    // The file may have been cut off; the trace is shown without spans then.
    return [];
  }
  if (!isRecord(parsed) || !Array.isArray(parsed['spans'])) return [];
  return (parsed['spans'] as unknown[]).filter(isRecord).flatMap((span) => spanOf(span) ?? []);
}

/** Nanoseconds are beyond what JavaScript's numbers hold. TypeScript does not know the third argument of a reviver yet. */
function exactWholes(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  return typeof value === 'number' && context.source !== undefined && /^-?\d{16,20}$/.test(context.source) ? BigInt(context.source) : value;
}

type Member = { readonly [name: string]: unknown };

function spanOf(span: Member): Span | undefined {
  const context = isRecord(span['context']) ? span['context'] : {};
  const id = idOf(span['span_id'] ?? context['span_id']);
  if (id === undefined) return undefined;
  const parent = idOf(span['parent_span_id'] ?? span['parent_id']);
  const status = isRecord(span['status']) ? span['status'] : { code: span['status_code'], message: span['status_message'] };
  const endedAt = wholeOf(span['end_time_unix_nano'] ?? span['end_time']);
  return translateSpan({
    id,
    parent,
    name: typeof span['name'] === 'string' ? span['name'] : '',
    kind: 1,
    startedAt: wholeOf(span['start_time_unix_nano'] ?? span['start_time']) ?? 0n,
    endedAt,
    status: statusOf(status['code']),
    statusMessage: typeof status['message'] === 'string' && status['message'] !== '' ? status['message'] : undefined,
    traceState: undefined,
    attributes: plainAttributes(attributesOf(span['attributes'])),
    events: Array.isArray(span['events']) ? span['events'].filter(isRecord).map(eventOf) : [],
    links: [],
  });
}

function eventOf(event: Member): SpanEvent {
  return {
    name: typeof event['name'] === 'string' ? event['name'] : '',
    time: nanoseconds(wholeOf(event['time_unix_nano'] ?? event['timestamp']) ?? 0n),
    attributes: attributesOf(event['attributes']),
  };
}

/** Some clients before version 3 count the microseconds of events. */
function nanoseconds(time: bigint): bigint {
  return time < 10n ** 17n ? time * 1000n : time;
}

function attributesOf(value: unknown): Attributes {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}

function plain(value: unknown): Json {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return value.map(plain);
  if (isRecord(value)) return attributesOf(value);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function wholeOf(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return BigInt(Math.trunc(value));
  return typeof value === 'string' && /^\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

/** `0x…`, hex, or the base64 of eight bytes. */
function idOf(value: unknown): string | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const hex = value.replace(/^0x/, '').toLowerCase();
  if (/^[0-9a-f]{16}$/.test(hex)) return hex;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 8 ? bytes.toString('hex') : undefined;
}

function statusOf(code: unknown): SpanStatus {
  const word = typeof code === 'string' ? code.replace('STATUS_CODE_', '') : code;
  if (word === 'OK' || word === 1) return 'ok';
  return word === 'ERROR' || word === 2 ? 'error' : 'unset';
}
