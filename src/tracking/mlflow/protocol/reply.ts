import type { DirectReply } from '#kernel/http/index.ts';

const json = { 'content-type': 'application/json' };

/** A reply that is no JSON message, as its handler wants it sent. */
export class RawReply {
  readonly reply: DirectReply;

  constructor(reply: DirectReply) {
    this.reply = reply;
  }
}

export function rawReply(reply: DirectReply): RawReply {
  return new RawReply(reply);
}

/** A message that leaves out nothing by itself: for large ones, whose handler sets only what is there. */
export function cleanReply(message: unknown): RawReply {
  return new RawReply({ status: 200, headers: json, body: JSON.stringify(message) });
}

/** What a handler returned, as it is sent: unset members and empty lists are left out, as protobuf's JSON has it. */
export function replyOf(result: unknown): DirectReply {
  if (result instanceof RawReply) return result.reply;
  return { status: 200, headers: json, body: JSON.stringify(withoutEmpty(result ?? {})) };
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) {
    if (each === undefined || (Array.isArray(each) && each.length === 0)) continue;
    kept[name] = typeof each === 'object' ? withoutEmpty(each) : each;
  }
  return kept;
}

const largest = 1.7976931348623157e308;

/** A metric value as the clients read it: NaN as text, infinities as the largest double. */
export function metricNumber(value: number): number | 'NaN' {
  if (Number.isNaN(value)) return 'NaN';
  return Math.max(-largest, Math.min(largest, value));
}
