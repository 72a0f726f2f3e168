import type { PipelineRunWire } from '#pipelines/index.ts';
import { RipenError } from '#kernel/errors.ts';
import type { DatasetWire, SnapshotWire } from '#data/index.ts';
import { followPipelineRun } from '../follow-pipeline-run.ts';
import { brokenMonth } from './broken-file.ts';
import { inProject, project, type TourSession } from './session.ts';

/** Airports, four months of flights, and one file that the contract refuses. */
export async function dataChapter(session: TourSession): Promise<void> {
  const { client, progress } = session;
  await client.post(inProject('/pipelines'));
  await load(session, { pipeline: 'load-airports', dataset: 'airports', snapshot: 1, title: 'Load the airports' });
  for (const month of [1, 2, 3, 4]) await loadMonth(session, month);
  await catalogue(session);
  const refused = await client.get<{ items: unknown[] }>(inProject('/datasets/flights/quarantine'));
  if (refused.items.length > 0) return;
  await progress.task('Load a broken file, on purpose', async (task) => {
    try {
      await client.raw('POST', inProject('/datasets/flights/load?format=csv&mode=append&file=broken-may.csv'), {
        body: brokenMonth,
        headers: { 'content-type': 'text/csv' },
      });
    } catch (error) {
      if (!(error instanceof RipenError) || error.code !== 'data.contract-broken') throw error;
      task.result(`quarantined: ${rulesBroken(error)}; no snapshot published`);
    }
  });
}

/** Loads one month of 2001 unless its snapshot is there. */
export function loadMonth(session: TourSession, month: number): Promise<void> {
  const name = `2001-${String(month).padStart(2, '0')}`;
  return load(session, { pipeline: 'load', dataset: 'flights', snapshot: month, parameters: { month: name }, title: `Load ${name}` });
}

interface Load {
  readonly pipeline: string;
  readonly dataset: string;
  /** The snapshot that this load makes. */
  readonly snapshot: number;
  readonly parameters?: Record<string, string>;
  readonly title: string;
}

async function load({ client, progress }: TourSession, { pipeline, dataset, snapshot, parameters = {}, title }: Load): Promise<void> {
  const datasets = await client.get<{ items: DatasetWire[] }>(inProject('/datasets'));
  if ((datasets.items.find(({ name }) => name === dataset)?.newest?.number ?? 0) >= snapshot) return;
  await progress.task(title, async (task) => {
    const run = (await unfinished()) ?? (await client.post<PipelineRunWire>(inProject(`/pipelines/${pipeline}/runs`), { parameters }));
    await followPipelineRun(client, { project, id: run.id }, task);
    const published = await client.get<SnapshotWire>(inProject(`/datasets/${dataset}/snapshots/latest`));
    const rules = published.contract === undefined ? '' : `, ${published.contract.rules.length} rules kept`;
    task.result(`${published.addedRows.toLocaleString('en')} rows, snapshot ${published.number}${rules}`);
  });

  /** The run that a tour which was interrupted has left behind. */
  async function unfinished(): Promise<PipelineRunWire | undefined> {
    const { items } = await client.get<{ items: PipelineRunWire[] }>(inProject('/pipeline-runs'), { pipeline });
    return items.find((run) => run.state !== 'succeeded' && run.state !== 'failed' && run.state !== 'cancelled');
  }
}

function rulesBroken(error: RipenError): string {
  const { failed } = error.details as { failed?: readonly string[] };
  return failed === undefined ? error.message : `${failed.length} rules broken`;
}

/** What the catalogue should say of a dataset: whose it is, how secret, how long it is kept. */
const entries = {
  airports: {
    description: 'Airports of the United States by IATA code',
    owner: 'operations-analytics',
    classification: 'public',
    retention: 'as long as flights refer to it',
  },
  flights: {
    description: 'US domestic flights that arrived, January to June 2001',
    owner: 'operations-analytics',
    classification: 'public',
    retention: '10 years',
  },
} as const;

async function catalogue({ client }: TourSession): Promise<void> {
  const { items } = await client.get<{ items: DatasetWire[] }>(inProject('/datasets'));
  for (const { name, owner } of items) {
    if (owner === undefined && (name === 'airports' || name === 'flights'))
      await client.patch(inProject(`/datasets/${name}`), entries[name]);
  }
}
