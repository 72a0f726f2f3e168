export interface DiffLine {
  readonly kind: 'same' | 'removed' | 'added';
  readonly text: string;
  /** Line numbers on either side; undefined where the line is not there. */
  readonly left: number | undefined;
  readonly right: number | undefined;
}

/** More lines than this are compared place by place, so that two great files do not hold up the page. */
const mostLines = 4000;

/**
 * The shortest script of lines that leads from one text to the other (Myers 1986, "An O(ND) difference algorithm"), with what
 * both begin and end with taken off before.
 */
export function diffLines(left: string, right: string): readonly DiffLine[] {
  const a = linesOf(left);
  const b = linesOf(right);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const middle = middleOf(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const lines = [
    ...a.slice(0, head).map((text) => ({ kind: 'same' as const, text })),
    ...middle,
    ...a.slice(a.length - tail).map((text) => ({ kind: 'same' as const, text })),
  ];
  let leftNumber = 0;
  let rightNumber = 0;
  return lines.map(({ kind, text }) => ({
    kind,
    text,
    left: kind === 'added' ? undefined : ++leftNumber,
    right: kind === 'removed' ? undefined : ++rightNumber,
  }));
}

type Piece = Pick<DiffLine, 'kind' | 'text'>;

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}

function middleOf(a: readonly string[], b: readonly string[]): readonly Piece[] {
  const removed = a.map((text) => ({ kind: 'removed' as const, text }));
  const added = b.map((text) => ({ kind: 'added' as const, text }));
  if (a.length === 0 || b.length === 0 || a.length + b.length > mostLines) return [...removed, ...added];
  return backtrack(a, b, trace(a, b));
}

/** For each number of changes how far each diagonal reaches. */
function trace(a: readonly string[], b: readonly string[]): readonly Map<number, number>[] {
  const reach = new Map<number, number>([[1, 0]]);
  const steps: Map<number, number>[] = [];
  for (let changes = 0; changes <= a.length + b.length; changes++) {
    steps.push(new Map(reach));
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      const below = reach.get(diagonal - 1) ?? -1;
      const above = reach.get(diagonal + 1) ?? -1;
      let x = diagonal === -changes || (diagonal !== changes && below < above) ? above : below + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reach.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return steps;
    }
  }
  return steps;
}

function backtrack(a: readonly string[], b: readonly string[], steps: readonly Map<number, number>[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let x = a.length;
  let y = b.length;
  for (let changes = steps.length - 1; changes >= 0; changes--) {
    const reach = steps[changes] ?? new Map<number, number>();
    const diagonal = x - y;
    const down = diagonal === -changes || (diagonal !== changes && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
    const before = down ? diagonal + 1 : diagonal - 1;
    const fromX = changes === 0 ? 0 : (reach.get(before) ?? 0);
    const fromY = changes === 0 ? 0 : fromX - before;
    while (x > fromX && y > fromY) {
      pieces.push({ kind: 'same', text: a[x - 1] ?? '' });
      x--;
      y--;
    }
    if (changes === 0) break;
    if (down) pieces.push({ kind: 'added', text: b[y - 1] ?? '' });
    else pieces.push({ kind: 'removed', text: a[x - 1] ?? '' });
    x = fromX;
    y = fromY;
  }
  return pieces.toReversed();
}

/** Only what differs, with a few equal lines around; a gap says how many were left out. */
export function foldSame(lines: readonly DiffLine[], around = 3): readonly (DiffLine | { readonly kind: 'gap'; readonly count: number })[] {
  const near = new Set<number>();
  for (const [index, line] of lines.entries())
    if (line.kind !== 'same') for (let at = index - around; at <= index + around; at++) near.add(at);
  const folded: (DiffLine | { readonly kind: 'gap'; readonly count: number })[] = [];
  let skipped = 0;
  for (const [index, line] of lines.entries()) {
    if (!near.has(index)) {
      skipped++;
      continue;
    }
    if (skipped > 0) folded.push({ kind: 'gap', count: skipped });
    skipped = 0;
    folded.push(line);
  }
  if (skipped > 0) folded.push({ kind: 'gap', count: skipped });
  return folded;
}
