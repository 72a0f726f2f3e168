import type { RunWire } from '../wire.ts';
import { fieldNamed } from './field.ts';

/** Which of the things that runs logged a table wants; undefined: all. */
export interface Wanted {
  readonly metrics: ReadonlySet<string>;
  readonly parameters: ReadonlySet<string>;
  readonly tags: ReadonlySet<string>;
}

/** Reads ids of columns; those of facts of the run itself say nothing. @throws `tracking.order-invalid` */
export function wantedColumns(columns: readonly string[] | undefined): Wanted | undefined {
  if (columns === undefined) return undefined;
  const fields = columns.map(fieldNamed);
  const named = (kind: 'metric' | 'parameter' | 'tag') => new Set(fields.flatMap((field) => (field.kind === kind ? field.name : [])));
  return { metrics: named('metric'), parameters: named('parameter'), tags: named('tag') };
}

/** A run with only what is wanted, with long texts cut to `cut` characters, and without its inputs: a row of a table needs no megabyte. */
export function pruned(run: RunWire, wanted: Wanted | undefined, cut: number | undefined): RunWire {
  if (wanted === undefined && cut === undefined) return run;
  return {
    ...run,
    metrics: pick(run.metrics, wanted?.metrics),
    parameters: shortened(pick(run.parameters, wanted?.parameters), cut),
    tags: shortened(pick(run.tags, wanted?.tags), cut),
    // What a run read may be described by megabytes.
    inputs: [],
  };
}

function pick<Value>(values: Readonly<Record<string, Value>>, wanted: ReadonlySet<string> | undefined): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => wanted === undefined || wanted.has(name)));
}

function shortened(texts: Record<string, string>, cut: number | undefined): Record<string, string> {
  if (cut === undefined) return texts;
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text.length > cut ? `${text.slice(0, cut).toWellFormed()}…` : text]),
  );
}
