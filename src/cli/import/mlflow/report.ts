/** Kinds of things that are counted. */
export const kinds = [
  'experiments',
  'runs',
  'points',
  'parameters',
  'tags',
  'artifacts',
  'loggedModels',
  'loggedModelFiles',
  'traces',
  'traceFiles',
  'models',
  'versions',
] as const;
export type Kind = (typeof kinds)[number];

export interface KindCount {
  /** How many the source has. */
  source: number;
  /** How many of them are in Ripen now. */
  here: number;
  /** How many were brought over by this call. */
  brought: number;
}

export interface Lack {
  readonly kind: Kind;
  readonly id: string;
  readonly problem: string;
}

export interface ImportReport {
  readonly source: string;
  readonly project: string;
  readonly dryRun: boolean;
  readonly counts: Readonly<Record<Kind, KindCount>>;
  /** Bytes of files sent by this call. */
  bytes: number;
  /** Things whose content was compared with the source, value by value or by digest. */
  readonly compared: { runs: number; files: number };
  /** What the source has and Ripen has not, or has otherwise. */
  readonly missing: Lack[];
  /** How many more are missing than are listed. */
  missingMore: number;
  /** What is good to know, and no fault. */
  readonly notes: string[];
  durationMs: number;
}

const mostListed = 1000;

export interface Tally {
  readonly report: ImportReport;
  add(kind: Kind, count: Partial<KindCount>): void;
  lack(lack: Lack): void;
  note(text: string): void;
}

/** Counts what an import meets. */
export function createTally(of: { source: string; project: string; dryRun: boolean }): Tally {
  // Every kind gets its count here.
  const counts = Object.fromEntries(kinds.map((kind) => [kind, { source: 0, here: 0, brought: 0 }])) as Record<Kind, KindCount>;
  const report: ImportReport = {
    ...of,
    counts,
    bytes: 0,
    compared: { runs: 0, files: 0 },
    missing: [],
    missingMore: 0,
    notes: [],
    durationMs: 0,
  };
  return {
    report,
    add(kind, { source = 0, here = 0, brought = 0 }) {
      const count = counts[kind];
      count.source += source;
      count.here += here;
      count.brought += brought;
    },
    lack(lack) {
      if (report.missing.length < mostListed) report.missing.push(lack);
      else report.missingMore += 1;
    },
    note(text) {
      if (!report.notes.includes(text) && report.notes.length < mostListed) report.notes.push(text);
    },
  };
}

export function isComplete({ missing }: ImportReport): boolean {
  return missing.length === 0;
}
