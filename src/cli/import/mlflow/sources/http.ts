import { Readable } from 'node:stream';
import { importErrors } from '../errors.ts';
import type { SourceOptions } from '../open-source.ts';
import type { Source, SourceExperiment, SourceFile, SourceLoggedModel, SourcePlace, SourceRun } from '../source.ts';
import { labelsOf } from '../words.ts';
import { type ExperimentMessage, loggedModelOf, type LoggedModelMessage, runOf, type RunMessage } from './http-messages.ts';
import { readModels } from './http-models.ts';
import { readSeries } from './http-series.ts';
import { openTraceFile, readTraces, traceFiles } from './http-traces.ts';
import { orNothing, type Paged, pages } from './pages.ts';
import { createMlflowClient, type MlflowClient, SourceRefusal } from './mlflow-client.ts';

/** A running MLflow server, of version 2 or 3. */
export async function openHttpSource(named: string, options: SourceOptions): Promise<Source> {
  const client = createMlflowClient(named, options);
  await client.post('api/2.0/mlflow/experiments/search', { max_results: 1 }).catch((error: unknown) => {
    if (!(error instanceof SourceRefusal)) throw error;
    throw importErrors['import-source-unknown']({ source: client.address, problem: `asked for its experiments, ${error.message}` }, error);
  });
  const version = await client.text('version').catch(() => '');
  return {
    address: client.address,
    label: `MLflow server ${version.slice(0, 20)} at ${client.address}`,
    // A server tells only while it is read.
    totals: async () => ({}),
    experiments: () => experiments(client),
    runs: (experiment) => runs(client, experiment),
    series: (of) => readSeries(client, of),
    loggedModels: (experiment) => loggedModels(client, experiment),
    traces: (experiment) => readTraces(client, experiment),
    models: () => readModels(client),
    files: (place) => files(client, place),
    open: async (place, file) => Readable.fromWeb(await content(client, place, file)),
    close: async () => {},
  };
}

const withToken = (token: string | undefined) => (token === undefined ? {} : { page_token: token });

async function* experiments(client: MlflowClient): AsyncGenerator<SourceExperiment> {
  const ask = (token?: string) =>
    client.post<Paged & { experiments?: ExperimentMessage[] }>('api/2.0/mlflow/experiments/search', {
      max_results: 1000,
      view_type: 'ALL',
      ...withToken(token),
    });
  for await (const page of pages(ask)) {
    for (const each of page.experiments ?? []) {
      yield {
        id: each.experiment_id,
        name: each.name,
        // Files come through the server, wherever it keeps them.
        artifactLocation: '',
        createdAt: Number(each.creation_time ?? 0),
        updatedAt: Number(each.last_update_time ?? each.creation_time ?? 0),
        deleted: each.lifecycle_stage === 'deleted',
        tags: labelsOf(each.tags),
      };
    }
  }
}

/** The oldest first, so that a run that begins meanwhile shifts no page. */
async function* runs(client: MlflowClient, experiment: string): AsyncGenerator<SourceRun> {
  const ask = (token?: string) =>
    client.post<Paged & { runs?: RunMessage[] }>('api/2.0/mlflow/runs/search', {
      experiment_ids: [experiment],
      run_view_type: 'ALL',
      max_results: 500,
      order_by: ['attributes.start_time ASC'],
      ...withToken(token),
    });
  for await (const page of pages(ask)) for (const run of page.runs ?? []) yield runOf(run);
}

async function* loggedModels(client: MlflowClient, experiment: string): AsyncGenerator<SourceLoggedModel> {
  const ask = (token?: string): Promise<Paged & { models?: LoggedModelMessage[] }> =>
    client
      .post<Paged & { models?: LoggedModelMessage[] }>('api/2.0/mlflow/logged-models/search', {
        experiment_ids: [experiment],
        max_results: 50,
        ...withToken(token),
      })
      .catch(orNothing);
  for await (const page of pages(ask)) for (const model of page.models ?? []) yield loggedModelOf(model);
}

interface FilePage extends Paged {
  readonly files?: readonly { readonly path: string; readonly is_dir?: boolean; readonly file_size?: string | number }[];
}

async function files(client: MlflowClient, place: SourcePlace): Promise<readonly SourceFile[]> {
  if (place.kind === 'trace') return traceFiles(client, place.id);
  const found: SourceFile[] = [];
  const folders: (string | undefined)[] = [undefined];
  while (folders.length > 0) {
    const folder = folders.pop();
    const ask = (token?: string) =>
      place.kind === 'run'
        ? client.get<FilePage>('api/2.0/mlflow/artifacts/list', { run_id: place.id, path: folder, page_token: token })
        : client.get<FilePage>(`api/2.0/mlflow/logged-models/${encodeURIComponent(place.id)}/artifacts/directories`, {
            artifact_directory_path: folder,
            page_token: token,
          });
    for await (const page of pages(ask)) {
      for (const file of page.files ?? []) {
        if (file.is_dir === true) folders.push(file.path);
        else found.push({ name: file.path, size: Number(file.file_size ?? 0) });
      }
    }
  }
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function content(client: MlflowClient, { kind, id }: SourcePlace, { name }: SourceFile): Promise<ReadableStream<Uint8Array>> {
  if (kind === 'trace') return openTraceFile(client, id);
  if (kind === 'run') return client.stream('get-artifact', { path: name, run_uuid: id, run_id: id });
  return client.stream(`ajax-api/2.0/mlflow/logged-models/${encodeURIComponent(id)}/artifacts/files`, { artifact_file_path: name });
}
