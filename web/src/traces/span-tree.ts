import type { SpanWire } from '#tracking/traces/wire.ts';

/** One line of the waterfall. Times are milliseconds since the first span began. */
export interface SpanLine {
  readonly span: SpanWire;
  /** From 0. */
  readonly depth: number;
  /** Spans directly below it. */
  readonly children: number;
  readonly open: boolean;
  /** Place and length as shares 0..1 of the whole. */
  readonly from: number;
  readonly length: number;
  /** Where it stands among its siblings, from 1, and how many they are. */
  readonly position: number;
  readonly siblings: number;
}

export interface SpanTree {
  /** Open lines in the order of the tree. */
  readonly lines: readonly SpanLine[];
  readonly lengthMs: number;
  readonly ticksMs: readonly number[];
}

/**
 * Spans as a tree: each below its parent, siblings by when they began. A span whose parent is not there stands at the top, and so does
 * the first of spans that are each other's parents.
 */
export function spanTree(spans: readonly SpanWire[], closed: ReadonlySet<string>): SpanTree {
  const lengthMs = Math.max(0.001, ...spans.map(({ at, duration }) => at + (duration ?? 0)));
  const children = childrenOf(spans);
  const lines: SpanLine[] = [];
  const seen = new Set<string>();
  const walk = (siblings: readonly SpanWire[], depth: number, shown: boolean): void => {
    siblings.forEach((span, index) => {
      if (seen.has(span.id)) return;
      seen.add(span.id);
      const below = children.get(span.id) ?? [];
      const open = !closed.has(span.id);
      const length = (span.duration ?? lengthMs - span.at) / lengthMs;
      const place = { from: span.at / lengthMs, length, position: index + 1, siblings: siblings.length };
      if (shown) lines.push({ span, depth, children: below.length, open, ...place });
      walk(below, depth + 1, shown && open);
    });
  };
  walk(children.get(undefined) ?? [], 0, true);
  for (const span of spans) if (!seen.has(span.id)) walk([span], 0, true);
  return { lines, lengthMs, ticksMs: ticksOf(lengthMs) };
}

function childrenOf(spans: readonly SpanWire[]): ReadonlyMap<string | undefined, SpanWire[]> {
  const ids = new Set(spans.map(({ id }) => id));
  const children = new Map<string | undefined, SpanWire[]>();
  for (const span of spans.toSorted((a, b) => a.at - b.at || (b.duration ?? Infinity) - (a.duration ?? Infinity))) {
    const parent = span.parent !== undefined && ids.has(span.parent) ? span.parent : undefined;
    children.set(parent, [...(children.get(parent) ?? []), span]);
  }
  return children;
}

/** Three to six round moments within the length. */
function ticksOf(lengthMs: number): readonly number[] {
  const rough = lengthMs / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10);
  return Array.from({ length: Math.floor(lengthMs / step) + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Which line a key leads to, or what it opens or closes; undefined when the key means nothing here. */
export function treeMove(
  key: string,
  lines: readonly SpanLine[],
  at: number,
): { readonly to: number } | { readonly toggle: string } | undefined {
  const line = lines[at];
  if (line === undefined) return undefined;
  if (key === 'ArrowDown' || key === 'j') return { to: Math.min(at + 1, lines.length - 1) };
  if (key === 'ArrowUp' || key === 'k') return { to: Math.max(at - 1, 0) };
  if (key === 'Home') return { to: 0 };
  if (key === 'End') return { to: lines.length - 1 };
  if (key === 'ArrowRight') {
    if (line.children === 0) return undefined;
    return line.open ? { to: at + 1 } : { toggle: line.span.id };
  }
  if (key !== 'ArrowLeft') return undefined;
  if (line.children > 0 && line.open) return { toggle: line.span.id };
  const above = lines.slice(0, at).findLastIndex(({ depth }) => depth < line.depth);
  return above === -1 ? undefined : { to: above };
}
