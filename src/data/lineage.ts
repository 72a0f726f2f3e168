import type { RipenEvent } from '#kernel/events/index.ts';
import type { DataDeps } from './deps.ts';
import type { Producer, Snapshot } from './model.ts';

export interface Reader {
  readonly run: string;
  readonly experiment: string | undefined;
  readonly pipelineRun: string | undefined;
  readonly time: number;
}

export interface Lineage {
  readonly producer: Producer;
  /** The newest snapshots of other datasets and what was read from them is on the pipeline run. */
  readonly parent: number | undefined;
  /** Runs that read the snapshot, newest first. */
  readonly readers: readonly Reader[];
}

const lookedAt = 1000;

/** Where a snapshot came from and where it went, as the event log tells it; runs are of higher modules. */
export function createLineage({ kernel: { events } }: DataDeps) {
  return async function lineage(snapshot: Snapshot): Promise<Lineage> {
    const started = await events.find({ project: snapshot.project, types: ['run.started'], order: 'newest-first', limit: lookedAt });
    const readers = started.filter((event) => reads(event, snapshot)).map(readerOf);
    return { producer: snapshot.producer, parent: snapshot.parent, readers };
  };
}

function reads({ data }: RipenEvent, { dataset, number }: Snapshot): boolean {
  const inputs = data['inputs'];
  return (
    Array.isArray(inputs) &&
    inputs.some((input: unknown) => isRecord(input) && input['dataset'] === dataset && input['snapshot'] === number)
  );
}

function readerOf({ data, time }: RipenEvent): Reader {
  const text = (key: string): string | undefined => (typeof data[key] === 'string' ? data[key] : undefined);
  return { run: text('run') ?? '', experiment: text('experiment'), pipelineRun: text('pipelineRun'), time };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
