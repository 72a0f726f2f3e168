import type { Json } from '#kernel/canonical-json.ts';
import type { Attributes, Span, SpanEvent, TokenCost, TokenUsage } from './model.ts';
import { vocabularies, type Vocabulary } from './vocabularies.ts';
import { spanAttribute } from './well-known.ts';

/** What a span says, whatever vocabulary it speaks. */
export interface SpanFacts {
  readonly type: string;
  readonly inputs: Json | undefined;
  readonly outputs: Json | undefined;
  readonly tokens: TokenUsage | undefined;
  readonly cost: TokenCost | undefined;
  readonly model: string | undefined;
  readonly provider: string | undefined;
  readonly session: string | undefined;
  readonly user: string | undefined;
}

export const unknownType = 'UNKNOWN';

/** Adds the common attributes to what other vocabularies say; attributes that are there stay as they are. */
export function translateSpan(span: Span): Span {
  const given = span.attributes;
  const added: Record<string, Json> = {};
  const offer = (key: string, value: Json | undefined) => {
    if (given[key] === undefined && value !== undefined) added[key] = value;
  };
  const type = typeOf(given);
  if (type !== undefined && (given[spanAttribute.type] ?? unknownType) === unknownType) added[spanAttribute.type] = type;
  offer(
    spanAttribute.inputs,
    first((words) => contentOf(given, span.events, { keys: words.inputs, prefix: words.inputMessages, events: words.inputEvents })),
  );
  offer(
    spanAttribute.outputs,
    first((words) => contentOf(given, span.events, { keys: words.outputs, prefix: words.outputMessages, events: words.outputEvents })),
  );
  offer(spanAttribute.tokenUsage, tokensOf(given));
  offer(spanAttribute.cost, costOf(given));
  offer(
    spanAttribute.tools,
    first((words) => parsed(valueOf(given, words.tools ?? []))),
  );
  offer(
    spanAttribute.model,
    first((words) => textOf(given, words.model)),
  );
  offer(
    spanAttribute.provider,
    first((words) => textOf(given, words.provider)),
  );
  return Object.keys(added).length === 0 ? span : { ...span, attributes: { ...given, ...added } };
}

/** Reads what `translateSpan` left. */
export function factsOf({ attributes }: Span): SpanFacts {
  const text = (key: string) => textOf(attributes, [key]);
  return {
    type: text(spanAttribute.type) ?? unknownType,
    inputs: attributes[spanAttribute.inputs],
    outputs: attributes[spanAttribute.outputs],
    tokens: readTokens(parsed(attributes[spanAttribute.tokenUsage])),
    cost: readCost(parsed(attributes[spanAttribute.cost])),
    model: text(spanAttribute.model),
    provider: text(spanAttribute.provider),
    session: text(spanAttribute.session) ?? text('gen_ai.conversation.id') ?? text('langfuse.session.id'),
    user: text(spanAttribute.user) ?? text('enduser.id'),
  };
}

/** `{input_tokens, output_tokens, total_tokens, cache_read_input_tokens?, cache_creation_input_tokens?}` */
export function readTokens(value: Json | undefined): TokenUsage | undefined {
  if (!isRecord(value)) return undefined;
  const input = countOf(value['input_tokens']);
  const output = countOf(value['output_tokens']);
  const total = countOf(value['total_tokens']);
  if (input === undefined && output === undefined && total === undefined) return undefined;
  const cacheRead = countOf(value['cache_read_input_tokens']);
  const cacheCreation = countOf(value['cache_creation_input_tokens']);
  return {
    input: input ?? 0,
    output: output ?? 0,
    total: total ?? (input ?? 0) + (output ?? 0),
    ...(cacheRead === undefined ? {} : { cacheRead }),
    ...(cacheCreation === undefined ? {} : { cacheCreation }),
  };
}

/** `{input_cost, output_cost, total_cost}` */
export function readCost(value: Json | undefined): TokenCost | undefined {
  if (!isRecord(value)) return undefined;
  const [input, output, total] = [value['input_cost'], value['output_cost'], value['total_cost']].map(numberOf);
  if (input === undefined && output === undefined && total === undefined) return undefined;
  return { input: input ?? 0, output: output ?? 0, total: total ?? (input ?? 0) + (output ?? 0) };
}

export function writeTokens(tokens: TokenUsage): Record<string, number> {
  return {
    input_tokens: tokens.input,
    output_tokens: tokens.output,
    total_tokens: tokens.total,
    ...(tokens.cacheRead === undefined ? {} : { cache_read_input_tokens: tokens.cacheRead }),
    ...(tokens.cacheCreation === undefined ? {} : { cache_creation_input_tokens: tokens.cacheCreation }),
  };
}

export function writeCost(cost: TokenCost): Record<string, number> {
  return { input_cost: cost.input, output_cost: cost.output, total_cost: cost.total };
}

export function isRecord(value: unknown): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function first<T>(ask: (words: Vocabulary) => T | undefined): T | undefined {
  for (const words of vocabularies) {
    const answer = ask(words);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

function typeOf(attributes: Attributes): string | undefined {
  return first(({ kind }) => {
    const value = kind === undefined ? undefined : parsed(attributes[kind.key]);
    return kind === undefined || typeof value !== 'string' || !Object.hasOwn(kind.types, value) ? undefined : kind.types[value];
  });
}

interface ContentWords {
  readonly keys: readonly string[];
  readonly prefix: string | undefined;
  readonly events: Readonly<Record<string, string>> | undefined;
}

function contentOf(attributes: Attributes, events: readonly SpanEvent[], words: ContentWords): Json | undefined {
  return (
    parsed(valueOf(attributes, words.keys)) ??
    (words.prefix === undefined ? undefined : numberedMessages(attributes, words.prefix)) ??
    (words.events === undefined ? undefined : eventMessages(events, words.events))
  );
}

/** `prefix.0.role`, `prefix.0.message.content` and so on as a list of objects. */
function numberedMessages(attributes: Attributes, prefix: string): Json | undefined {
  const messages = new Map<number, Record<string, Json>>();
  for (const [key, value] of Object.entries(attributes)) {
    if (!key.startsWith(`${prefix}.`)) continue;
    const [, index, member] = /^(\d{1,4})\.(?:message\.)?(.+)$/.exec(key.slice(prefix.length + 1)) ?? [];
    if (index === undefined || member === undefined) continue;
    const message = messages.get(Number(index)) ?? {};
    message[member] = value;
    messages.set(Number(index), message);
  }
  return messages.size === 0 ? undefined : [...messages].toSorted(([a], [b]) => a - b).map(([, message]) => message);
}

function eventMessages(events: readonly SpanEvent[], roles: Readonly<Record<string, string>>): Json | undefined {
  const messages = events.flatMap(({ name, attributes }) => {
    const role = Object.hasOwn(roles, name) ? roles[name] : undefined;
    const content = parsed(attributes['content'] ?? attributes['message']);
    return role === undefined || content === undefined ? [] : [{ role: parsed(attributes['role']) ?? role, content }];
  });
  return messages.length === 0 ? undefined : messages;
}

function tokensOf(attributes: Attributes): Json | undefined {
  const count = (pick: (words: Vocabulary) => readonly string[] | undefined) =>
    first((words) => countOf(valueOf(attributes, pick(words) ?? [])));
  const input = count((words) => words.inputTokens);
  const output = count((words) => words.outputTokens);
  const total = count((words) => words.totalTokens);
  if (input === undefined && output === undefined && total === undefined) return undefined;
  return writeTokens({
    input: input ?? 0,
    output: output ?? 0,
    total: total ?? (input ?? 0) + (output ?? 0),
    cacheRead: count((words) => words.cacheReadTokens),
    cacheCreation: count((words) => words.cacheCreationTokens),
  });
}

function costOf(attributes: Attributes): Json | undefined {
  return first(({ cost }) => {
    if (cost === undefined) return undefined;
    const read = (key: string): Json => attributes[key] ?? null;
    const found = readCost({ input_cost: read(cost.input), output_cost: read(cost.output), total_cost: read(cost.total) });
    return found === undefined ? undefined : writeCost(found);
  });
}

function valueOf(attributes: Attributes, keys: readonly string[]): Json | undefined {
  for (const key of keys) {
    const value = attributes[key];
    if (value !== undefined && value !== null && value !== '') return value;
  }
  return undefined;
}

function textOf(attributes: Attributes, keys: readonly string[]): string | undefined {
  const value = valueOf(attributes, keys);
  if (typeof value !== 'string') return typeof value === 'number' ? String(value) : undefined;
  // Spans of some exporters carry every text as JSON.
  const inner = value.startsWith('"') ? parsed(value) : value;
  return typeof inner === 'string' && inner !== '' ? inner : undefined;
}

/** Text that looks like JSON as what it says; anything else as it is. */
export function parsed(value: Json | undefined): Json | undefined {
  if (typeof value !== 'string' || !/^\s*[{["]/.test(value)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    // A text that only begins like JSON is a text.
    return value;
  }
}

function numberOf(value: Json | undefined): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function countOf(value: Json | undefined): number | undefined {
  const number = numberOf(value);
  return number === undefined || Math.abs(number) > Number.MAX_SAFE_INTEGER ? undefined : Math.round(number);
}
