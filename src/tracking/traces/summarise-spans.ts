import type { Json } from '#kernel/canonical-json.ts';
import type { Span, TokenCost, TokenUsage, TraceState } from './model.ts';
import { previewOf } from './preview.ts';
import { factsOf, parsed } from './translate-span.ts';
import { limits, spanAttribute, traceTag } from './well-known.ts';

/** What spans say about their trace. Times in epoch milliseconds. */
export interface SpanSummary {
  readonly from: number;
  readonly to: number | undefined;
  readonly root: RootSummary | undefined;
  readonly session: string | undefined;
  readonly user: string | undefined;
}

export interface RootSummary {
  readonly name: string;
  readonly state: TraceState;
  readonly requestPreview: string | undefined;
  readonly responsePreview: string | undefined;
  /** Tags that an exporter put on the root span for the trace. */
  readonly tags: Readonly<Record<string, string>>;
}

export function summariseSpans(spans: readonly Span[]): SpanSummary {
  let from = Infinity;
  let to: number | undefined;
  let root: RootSummary | undefined;
  let session: string | undefined;
  let user: string | undefined;
  for (const span of spans) {
    from = Math.min(from, milliseconds(span.startedAt));
    if (span.endedAt !== undefined) to = Math.max(to ?? 0, milliseconds(span.endedAt));
    const facts = factsOf(span);
    session ??= facts.session;
    user ??= facts.user;
    if (span.parent === undefined) root = rootOf(span);
  }
  return { from, to, root, session, user };
}

export function milliseconds(nanoseconds: bigint): number {
  return Number(nanoseconds / 1_000_000n);
}

function rootOf(span: Span): RootSummary {
  const facts = factsOf(span);
  const tags: Record<string, string> = {};
  for (const [key, value] of Object.entries(span.attributes)) {
    if (key.startsWith(spanAttribute.traceTag)) tags[key.slice(spanAttribute.traceTag.length)] = textOf(value);
  }
  return {
    name: (tags[traceTag.name] ?? span.name).slice(0, limits.name),
    state: stateOf(span),
    requestPreview: previewOf(facts.inputs, 'user'),
    responsePreview: previewOf(facts.outputs, 'assistant'),
    tags,
  };
}

function stateOf(span: Span): TraceState {
  if (span.endedAt === undefined) return 'in-progress';
  return span.status === 'error' ? 'error' : 'ok';
}

function textOf(value: Json): string {
  const inner = parsed(value);
  return typeof inner === 'string' ? inner : JSON.stringify(inner);
}

/** A span's place in the tree and what it used. */
export interface UseNode {
  readonly id: string;
  readonly parent: string | undefined;
  readonly tokens: TokenUsage | undefined;
  readonly cost: TokenCost | undefined;
}

/**
 * What the trace used in all. Some instrumentations write the sum of the calls below on a parent span, so only the topmost span
 * with a figure counts on each path.
 */
export function sumUse(nodes: readonly UseNode[]): { tokens: TokenUsage | undefined; cost: TokenCost | undefined } {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const counted = <T>(figure: (node: UseNode) => T | undefined): T[] => {
    const covered = new Map<string, boolean>();
    return nodes.flatMap((node) => {
      const value = figure(node);
      return value === undefined || coveredAbove(node, { byId, covered, has: (at) => figure(at) !== undefined }) ? [] : [value];
    });
  };
  return { tokens: addTokens(counted((node) => node.tokens)), cost: addCosts(counted((node) => node.cost)) };
}

interface Walk {
  readonly byId: ReadonlyMap<string, UseNode>;
  /** For each span already seen: does one above it have the figure? */
  readonly covered: Map<string, boolean>;
  readonly has: (node: UseNode) => boolean;
}

function coveredAbove(node: UseNode, { byId, covered, has }: Walk): boolean {
  const path: string[] = [];
  let at: UseNode | undefined = node;
  let answer = false;
  while (at !== undefined) {
    const known = covered.get(at.id);
    if (known !== undefined) {
      answer = known;
      break;
    }
    // Also ends a walk in a circle of parents.
    covered.set(at.id, false);
    path.push(at.id);
    const parent: UseNode | undefined = at.parent === undefined ? undefined : byId.get(at.parent);
    if (parent !== undefined && parent !== node && has(parent)) {
      answer = true;
      break;
    }
    at = parent;
  }
  for (const id of path) covered.set(id, answer);
  return answer;
}

function addTokens(all: readonly TokenUsage[]): TokenUsage | undefined {
  if (all.length === 0) return undefined;
  const sum = (pick: (usage: TokenUsage) => number | undefined) => all.reduce((total, usage) => total + (pick(usage) ?? 0), 0);
  const cacheRead = all.some((usage) => usage.cacheRead !== undefined) ? sum((usage) => usage.cacheRead) : undefined;
  const cacheCreation = all.some((usage) => usage.cacheCreation !== undefined) ? sum((usage) => usage.cacheCreation) : undefined;
  return {
    input: sum((usage) => usage.input),
    output: sum((usage) => usage.output),
    total: sum((usage) => usage.total),
    ...(cacheRead === undefined ? {} : { cacheRead }),
    ...(cacheCreation === undefined ? {} : { cacheCreation }),
  };
}

function addCosts(all: readonly TokenCost[]): TokenCost | undefined {
  if (all.length === 0) return undefined;
  const sum = (pick: (cost: TokenCost) => number) => all.reduce((total, cost) => total + pick(cost), 0);
  return { input: sum((cost) => cost.input), output: sum((cost) => cost.output), total: sum((cost) => cost.total) };
}
