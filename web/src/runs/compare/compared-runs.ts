import type { RunWire } from '#tracking/wire.ts';
import { shortId } from '../../ui/format.ts';

/** A run in a comparison: its name tells it apart from the others, its colour is the same in every chart. */
export interface ComparedRun {
  readonly run: RunWire;
  readonly name: string;
  readonly colour: number;
}

/** Two runs may have one name; then a piece of the id tells them apart. */
export function comparedRuns(runs: readonly RunWire[]): readonly ComparedRun[] {
  const often = Map.groupBy(runs, (run) => run.name);
  return runs.map((run, colour) => ({
    run,
    colour,
    name: (often.get(run.name)?.length ?? 0) > 1 ? `${run.name} (${shortId(run.id)})` : run.name,
  }));
}
