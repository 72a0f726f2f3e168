import type { Tracking } from '../collaborators.ts';
import type { RunLogRecord } from '../steps/run-log.ts';

const batchSize = 1000;

/** Metrics, parameters, tags and artifacts of run log records, to a tracked run. */
export async function sendToTracking(tracking: Tracking, run: string, records: readonly RunLogRecord[]): Promise<void> {
  const metrics = records.filter((record) => record.type === 'metric').map(({ name, value, step, time }) => ({ name, value, step, time }));
  for (let start = 0; start < metrics.length; start += batchSize)
    await tracking.log(run, { metrics: metrics.slice(start, start + batchSize) });
  const parameters = records
    .filter((record) => record.type === 'parameter')
    .map(({ name, value }) => [name, typeof value === 'object' ? JSON.stringify(value) : value] as const);
  const tags = records.filter((record) => record.type === 'tag').map(({ name, value }) => [name, value] as const);
  if (parameters.length > 0 || tags.length > 0)
    await tracking.log(run, { parameters: Object.fromEntries(parameters), tags: Object.fromEntries(tags) });
  for (const record of records) if (record.type === 'artifact') await tracking.putArtifact(run, record.name, { digest: record.digest });
}
