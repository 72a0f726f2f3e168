import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Queryable } from '#kernel/database/index.ts';
import type { RunInput } from '../model.ts';
import { isOneOf } from '../search/compare-store.ts';
import type { TrackingTables } from '../store.ts';

const rowsAtOnce = 500;

/** Adds datasets that a run read; one with the dataset and digest of another adds nothing. */
export async function insertInputs(tx: Queryable, run: number, inputs: readonly RunInput[]): Promise<void> {
  const details = await internDetails(
    tx,
    inputs.flatMap((input) => input.details ?? []),
  );
  for (let start = 0; start < inputs.length; start += rowsAtOnce) {
    const rows = inputs.slice(start, start + rowsAtOnce).map((input) => ({
      run,
      dataset: input.dataset,
      digest: input.digest,
      snapshot: input.snapshot ?? 0,
      context: input.context ?? null,
      tags: input.tags === undefined ? null : JSON.stringify(input.tags),
      details: input.details === undefined ? null : (details.get(input.details) ?? null),
    }));
    await tx
      .query<TrackingTables>()
      .insertInto('run_inputs')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** What is known of a dataset may be megabytes and is the same for every run that reads it, so each text is kept once. */
async function internDetails(tx: Queryable, bodies: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const numbers = new Map<string, number>();
  const find = async (digest: string) => {
    const select = tx.query<TrackingTables>().selectFrom('input_details').select('number').where('digest', '=', digest);
    return (await select.executeTakeFirst())?.number;
  };
  for (const body of new Set(bodies)) {
    const digest = detailsDigest(body);
    let number = await find(digest);
    if (number === undefined) {
      // `number` is counted up by the database, which the shared table type does not say.
      const insert = tx.query<{ input_details: { digest: string; body: string } }>().insertInto('input_details').values({ digest, body });
      await insert.onConflict((conflict) => conflict.doNothing()).execute();
      number = await find(digest);
    }
    if (number !== undefined) numbers.set(body, number);
  }
  return numbers;
}

export function detailsDigest(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** The datasets that each of the given runs read, by run. */
export async function readInputs(from: Queryable, runs: readonly number[]): Promise<ReadonlyMap<number, RunInput[]>> {
  const inputs = new Map<number, RunInput[]>();
  if (runs.length === 0) return inputs;
  const query = from.query<TrackingTables>();
  const rows = await query
    .selectFrom('run_inputs')
    .selectAll()
    .where(isOneOf(sql.ref('run'), runs, from.dialect))
    .orderBy('dataset')
    .orderBy('digest')
    .execute();
  const bodies = await readDetails(
    from,
    rows.flatMap((row) => row.details ?? []),
  );
  for (const { run, dataset, digest, snapshot, context, tags, details } of rows) {
    const body = details === null ? undefined : bodies.get(details);
    const input: RunInput = {
      dataset,
      digest,
      ...(snapshot === 0 ? {} : { snapshot }),
      ...(context === null ? {} : { context }),
      ...(tags === null ? {} : { tags: JSON.parse(tags) as Record<string, string> }),
      ...(body === undefined ? {} : { details: body }),
    };
    const known = inputs.get(run);
    if (known === undefined) inputs.set(run, [input]);
    else known.push(input);
  }
  return inputs;
}

async function readDetails(from: Queryable, numbers: readonly number[]): Promise<ReadonlyMap<number, string>> {
  if (numbers.length === 0) return new Map();
  const rows = await from
    .query<TrackingTables>()
    .selectFrom('input_details')
    .select(['number', 'body'])
    .where('number', 'in', [...new Set(numbers)])
    .execute();
  return new Map(rows.map(({ number, body }) => [number, body]));
}

/** A dataset that runs of an experiment read, for one use. */
export interface UsedDataset {
  /** Number of the experiment in its project. */
  readonly experiment: number;
  readonly dataset: string;
  readonly digest: string;
  readonly context?: string | undefined;
}

/** Datasets that the runs of some experiments read, each once per use; experiments by their numbers in the project. */
export async function findUsedDatasets(
  from: Queryable,
  project: string,
  { experiments, limit }: { readonly experiments: readonly number[]; readonly limit: number },
): Promise<UsedDataset[]> {
  if (experiments.length === 0) return [];
  const rows = await from
    .query<TrackingTables>()
    .selectFrom('experiments')
    .innerJoin('runs', 'runs.experiment', 'experiments.number')
    .innerJoin('run_inputs', 'run_inputs.run', 'runs.number')
    .select(['experiments.sequence as experiment', 'dataset', 'digest', 'context'])
    .distinct()
    .where('experiments.project', '=', project)
    .where('experiments.sequence', 'in', experiments)
    .orderBy('experiments.sequence')
    .orderBy('dataset')
    .orderBy('digest')
    .limit(limit)
    .execute();
  return rows.map(({ context, ...rest }) => ({ ...rest, ...(context === null ? {} : { context }) }));
}
