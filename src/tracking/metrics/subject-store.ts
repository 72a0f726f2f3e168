import type { Database, Queryable } from '#kernel/database/index.ts';
import type { MetricSubject } from '../model.ts';
import type { SubjectRow, TrackingTables } from '../store.ts';

/** What points measured besides their run, as numbers; each is kept once in a project. 0 is the run alone. */
export interface Subjects {
  /** The subject, when it is known here already. */
  known(project: string, subject: MetricSubject): Subject | undefined;
  /** The subject; a new one is added in a transaction of its own. */
  intern(project: string, subject: MetricSubject): Promise<Subject>;
}

export interface Subject {
  readonly number: number;
  /** Empty for none. */
  readonly model: string;
  readonly datasetName: string;
  readonly datasetDigest: string;
}

export const runAlone: Subject = { number: 0, model: '', datasetName: '', datasetDigest: '' };

const cached = 100_000;
const rowsAtOnce = 500;

export function createSubjects(database: Database): Subjects {
  const byName = new Map<string, Subject>();

  const known: Subjects['known'] = (project, subject) => {
    const { modelId = '', datasetName = '', datasetDigest = '' } = subject;
    return modelId === '' && datasetName === '' && datasetDigest === ''
      ? runAlone
      : byName.get(keyOf(project, modelId, datasetName, datasetDigest));
  };

  return {
    known,
    async intern(project, wanted) {
      const present = known(project, wanted);
      if (present !== undefined) return present;
      const { modelId: model = '', datasetName = '', datasetDigest = '' } = wanted;
      const row = { project, model, dataset_name: datasetName, dataset_digest: datasetDigest };
      const number = (await findSubject(database, row)) ?? (await addSubject(database, row));
      const subject = { number, model, datasetName, datasetDigest };
      // A number never changes, so what is forgotten can be read again.
      if (byName.size >= cached) byName.clear();
      byName.set(keyOf(project, model, datasetName, datasetDigest), subject);
      return subject;
    },
  };
}

function keyOf(project: string, model: string, datasetName: string, datasetDigest: string): string {
  return `${project}\n${model}\n${datasetName}\n${datasetDigest}`;
}

async function findSubject(from: Queryable, row: Omit<SubjectRow, 'number'>): Promise<number | undefined> {
  const found = await from
    .query<TrackingTables>()
    .selectFrom('metric_subjects')
    .select('number')
    .where('project', '=', row.project)
    .where('model', '=', row.model)
    .where('dataset_name', '=', row.dataset_name)
    .where('dataset_digest', '=', row.dataset_digest)
    .executeTakeFirst();
  return found?.number;
}

async function addSubject(database: Database, row: Omit<SubjectRow, 'number'>): Promise<number> {
  return database.transaction(async (tx) => {
    // `number` is counted up by the database, which the shared table type does not say.
    const query = tx.query<{ metric_subjects: Omit<SubjectRow, 'number'> }>();
    await query
      .insertInto('metric_subjects')
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return (await findSubject(tx, row)) ?? 0;
  });
}

/** Subjects by number; 0 has none. */
export async function readSubjects(from: Queryable, numbers: readonly number[]): Promise<ReadonlyMap<number, MetricSubject>> {
  const found = new Map<number, MetricSubject>();
  const wanted = [...new Set(numbers)].filter((number) => number !== 0);
  for (let start = 0; start < wanted.length; start += rowsAtOnce) {
    const rows = await from
      .query<TrackingTables>()
      .selectFrom('metric_subjects')
      .selectAll()
      .where('number', 'in', wanted.slice(start, start + rowsAtOnce))
      .execute();
    for (const { number, model, dataset_name: datasetName, dataset_digest: datasetDigest } of rows) {
      found.set(number, {
        ...(model === '' ? {} : { modelId: model }),
        ...(datasetName === '' ? {} : { datasetName }),
        ...(datasetDigest === '' ? {} : { datasetDigest }),
      });
    }
  }
  return found;
}
