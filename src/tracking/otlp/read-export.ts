import type { Json } from '#kernel/canonical-json.ts';
import type { Attributes, Span, SpanStatus } from '../traces/model.ts';
import { spanAttribute } from '../traces/well-known.ts';
import { isMessage, type Message, messagesOf, readAttributes, readWhole } from './read-value.ts';
import { exportRequest } from './schema.ts';

export interface ExportedSpan {
  /** `tr-` and 32 hex digits. */
  readonly trace: string;
  readonly span: Span;
}

/** Says what is wrong with an export, for its sender. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
  /** True where the message was read but a span lacks what it must have. */
  readonly incomplete: boolean;

  constructor(message: string, options: { incomplete?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.incomplete = options.incomplete ?? false;
  }
}

/**
 * Reads an export of spans in protobuf or in OTLP's JSON, whose ids are hex.
 * @throws ExportError
 */
export function readExport(body: Buffer, format: 'protobuf' | 'json'): ExportedSpan[] {
  const request = format === 'json' ? readJson(body) : decode(body);
  const resources = messagesOf(request['resourceSpans']);
  if (resources.length === 0) throw new ExportError('Invalid OpenTelemetry format - no spans found');
  return resources.flatMap((resource) => {
    const about = aboutOf(resource['resource']);
    return messagesOf(resource['scopeSpans']).flatMap((scope) => messagesOf(scope['spans']).map((span) => readSpan(span, about)));
  });
}

function decode(body: Buffer): Message {
  try {
    return exportRequest.decode(body);
  } catch (cause) {
    throw new ExportError('Invalid OpenTelemetry format', { cause });
  }
}

function readJson(body: Buffer): Message {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new ExportError('Invalid OpenTelemetry format', { cause });
  }
  if (!isMessage(parsed)) throw new ExportError('Invalid OpenTelemetry format');
  return parsed;
}

/** What of the resource tells traces apart; a root span carries it. The default names of an SDK say nothing. */
function aboutOf(resource: unknown): Attributes {
  if (!isMessage(resource)) return {};
  const kept = Object.entries(readAttributes(resource['attributes'])).filter(
    ([key, value]) =>
      /^(service\.|deployment\.)/.test(key) &&
      key !== 'service.instance.id' &&
      !(typeof value === 'string' && value.startsWith('unknown_service')),
  );
  return Object.fromEntries(kept);
}

function readSpan(message: Message, about: Attributes): ExportedSpan {
  const trace = idOf(message['traceId'], 32);
  const id = idOf(message['spanId'], 16);
  if (trace === undefined) throw new ExportError('Cannot convert OpenTelemetry span: trace_id is missing', { incomplete: true });
  if (id === undefined) throw new ExportError('Cannot convert OpenTelemetry span: span_id is missing', { incomplete: true });
  const parent = idOf(message['parentSpanId'], 16);
  const given = plainAttributes(readAttributes(message['attributes']));
  const endedAt = readWhole(message['endTimeUnixNano']);
  const status = isMessage(message['status']) ? message['status'] : {};
  const traceId = `tr-${trace}`;
  const span: Span = {
    id,
    parent,
    name: textOf(message['name']) ?? '',
    kind: kindOf(message['kind']),
    startedAt: readWhole(message['startTimeUnixNano']),
    endedAt: endedAt === 0n ? undefined : endedAt,
    status: statusOf(status['code']),
    statusMessage: textOf(status['message']),
    traceState: textOf(message['traceState']),
    attributes: { ...(parent === undefined ? about : {}), ...given, [spanAttribute.request]: traceId },
    events: messagesOf(message['events']).map((event) => ({
      name: textOf(event['name']) ?? '',
      time: readWhole(event['timeUnixNano']),
      attributes: readAttributes(event['attributes']),
    })),
    links: messagesOf(message['links']).map((link) => ({
      trace: `tr-${idOf(link['traceId'], 32) ?? ''}`,
      span: idOf(link['spanId'], 16) ?? '',
      attributes: readAttributes(link['attributes']),
    })),
  };
  return { trace: traceId, span };
}

/** MLflow's own exporters write every attribute as JSON text; such a span gives itself away by a trace id in quotes. */
export function plainAttributes(attributes: Attributes): Attributes {
  const request = attributes[spanAttribute.request];
  if (typeof request !== 'string' || !request.startsWith('"')) return attributes;
  return Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, unquoted(value)]));
}

function unquoted(value: Json): Json {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    // Written by other means than MLflow's; it is what it says.
    return value;
  }
}

/** Ids are bytes in protobuf and hex in JSON; all zeros mean none. */
function idOf(value: unknown, digits: number): string | undefined {
  const hex = value instanceof Uint8Array ? Buffer.from(value).toString('hex') : typeof value === 'string' ? value.toLowerCase() : '';
  if (!/^[0-9a-f]+$/.test(hex) || /^0+$/.test(hex) || hex.length > 32) return undefined;
  return hex.padStart(digits, '0');
}

const kinds = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

function kindOf(value: unknown): number {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 && value < kinds.length ? value : 0;
  return typeof value === 'string' ? Math.max(0, kinds.indexOf(value.replace('SPAN_KIND_', ''))) : 0;
}

function statusOf(value: unknown): SpanStatus {
  if (value === 1 || value === 'STATUS_CODE_OK') return 'ok';
  return value === 2 || value === 'STATUS_CODE_ERROR' ? 'error' : 'unset';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
