import { join } from 'node:path';
import type { SourceTrace } from '../source.ts';
import { traceState } from '../words.ts';
import { assessmentOf } from './assessment.ts';
import { experimentFolder, filesIn, foldersIn, labelsIn, numberIn, optionalIn, readMeta, textIn } from './file-store-folders.ts';

/** Traces of an experiment; their spans are in files beside them. */
export async function* readTraces(store: string, experiment: string): AsyncGenerator<SourceTrace> {
  const folder = join(experimentFolder(store, experiment), 'traces');
  for (const id of await foldersIn(folder)) {
    const at = join(folder, id);
    const meta = await readMeta(join(at, 'trace_info.yaml'));
    if (meta === undefined) continue;
    const tags = await labelsIn(join(at, 'tags'));
    const time = meta['request_time'];
    const metadata = { ...(await labelsIn(join(at, 'request_metadata'))), ...(await labelsIn(join(at, 'trace_metadata'))) };
    yield {
      id,
      experiment,
      state: traceState(optionalIn(meta, 'state') ?? textIn(meta, 'status')),
      requestedAt: numberIn(meta, 'timestamp_ms') ?? timeOf(time),
      duration: numberIn(meta, 'execution_time_ms') ?? durationOf(textIn(meta, 'execution_duration')),
      clientRequestId: optionalIn(meta, 'client_request_id'),
      requestPreview: optionalIn(meta, 'request_preview'),
      responsePreview: optionalIn(meta, 'response_preview'),
      tags,
      metadata,
      assessments: await assessmentsIn(join(at, 'assessments')),
      artifactUri: tags['mlflow.artifactLocation'],
    };
  }
}

/** YAML knows times of its own. */
function timeOf(value: unknown): number {
  const time = value instanceof Date ? value.getTime() : Date.parse(String(value));
  return Number.isFinite(time) ? time : 0;
}

function durationOf(text: string): number | undefined {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(text)?.[1];
  return seconds === undefined ? undefined : Math.round(Number(seconds) * 1000);
}

async function assessmentsIn(folder: string): Promise<SourceTrace['assessments']> {
  const found: SourceTrace['assessments'] = [];
  for (const name of await filesIn(folder)) {
    const meta = name.endsWith('.yaml') ? await readMeta(join(folder, name)) : undefined;
    const assessment = meta === undefined ? undefined : assessmentOf(meta);
    if (assessment !== undefined) found.push(assessment);
  }
  return found;
}
