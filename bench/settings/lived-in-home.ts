import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../tests/testing/eventually.ts';
import { launch } from '../../tests/testing/launch.ts';
import type { Client } from '#cli/client.ts';

const declaration = `
project: bench
pipelines:
  train:
    steps:
      prepare: { command: "echo 1 > $RIPEN_OUTPUT_ROWS", outputs: { rows: rows.txt } }
      fit: { command: "cat $RIPEN_INPUT_ROWS", inputs: { rows: prepare/rows } }
`;

/** A home in which a project has run a pipeline and logged a hundred runs. */
export async function makeLivedInHome(home: string, folder: string): Promise<void> {
  const server = await launch({ home, node: process.execPath });
  try {
    const { client } = server;
    await makeProject(client, { name: 'bench', path: join(folder, 'project'), declaration });
    await client.post('/api/v1/projects/bench/pipelines/train/runs');
    await runEnds(client, '/api/v1/projects/bench');
    for (let index = 0; index < 100; index++) {
      const { id } = await client.post<{ id: string }>('/api/v1/projects/bench/runs', { experiment: 'baseline' });
      const metrics = Array.from({ length: 20 }, (_, step) => ({ name: 'loss', value: 1 / (step + 1), step }));
      await client.post(`/api/v1/projects/bench/runs/${id}/log`, { metrics, parameters: { rate: index / 100 } });
      await client.post(`/api/v1/projects/bench/runs/${id}/finish`, { outcome: 'finished' });
    }
  } finally {
    await server.stop();
  }
}

export async function makeProject(
  client: Client,
  { name, path, declaration: yaml }: { readonly name: string; readonly path: string; readonly declaration: string },
): Promise<void> {
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'ripen.yaml'), yaml);
  await client.post('/api/v1/projects', { name, path });
}

/** Waits for the end of the newest pipeline run; its list is read, since reading all steps of a large run takes its time. @throws when it did not succeed */
export async function runEnds(client: Client, project: string, limitMs = 120_000): Promise<void> {
  const run = await eventually(
    'the end of the pipeline run',
    async () => {
      const [newest] = (await client.get<{ items: readonly { state: string }[] }>(`${project}/pipeline-runs`, { limit: '1' })).items;
      return newest === undefined || ['queued', 'running'].includes(newest.state) ? undefined : newest;
    },
    limitMs,
  );
  if (run.state !== 'succeeded') throw new Error(`the pipeline run ended as ${run.state}: ${JSON.stringify(run).slice(0, 500)}`);
}
