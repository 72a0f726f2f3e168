import { join } from 'node:path';
import type { Client } from '#cli/client.ts';
import { launch } from '../tests/testing/launch.ts';
import { load, type Load } from './measuring/load.ts';
import { measure, type Options, type Row } from './measuring/measure.ts';
import { processorSeconds } from './measuring/process-use.ts';
import { figureOf } from './measuring/summary.ts';
import { inTemporaryFolder } from './measuring/temporary.ts';
import { makeManyRuns, manyRunsProject } from './settings/many-runs.ts';
import { measureMlflow, type MlflowFigures } from './settings/mlflow-tracking.ts';

const runs = 100_000;
const base = `/api/v1/projects/${manyRunsProject}`;

const searches = [
  { what: 'the newest 100', query: 'limit=100' },
  { what: '100 by accuracy', query: 'limit=100&order=metrics.accuracy%20desc' },
  {
    what: '100 of a filter over metric and parameter, by accuracy',
    query: `limit=100&order=metrics.accuracy%20desc&filter=${encodeURIComponent("metrics.loss < 0.3 and params.model = 'forest'")}`,
  },
] as const;

await measure({
  name: 'tracking',
  title: 'Tracking over HTTP',
  run: (options, say) =>
    inTemporaryFolder(async (folder) => {
      say(`making ${runs} runs`);
      const home = join(folder, 'home');
      await makeManyRuns(home, runs);
      const ours = await measureRipen(home, { options, say });
      const peer = await measureMlflow(folder, { options, say });
      return [...ours, ...rowsOf(ours, peer)];
    }),
});

async function measureRipen(
  home: string,
  { options, say }: { options: Options; readonly say: (line: string) => void },
): Promise<readonly Row[]> {
  const server = await launch({ home, node: process.execPath });
  try {
    const rounds = options.quick ? 1 : 3;
    const seconds = 3;
    say('logging');
    const used = processorSeconds(server.pid);
    const single = await rounded(rounds, async () =>
      load({ url: await logUrl(server.client), bodies: metricBodies(500, 1), clients: 8, seconds }),
    );
    const spent = processorSeconds(server.pid) - used;
    const batch = await rounded(rounds, async () =>
      load({ url: await logUrl(server.client), bodies: metricBodies(20, 1000), clients: 8, seconds }),
    );
    say('searching');
    const rows: Row[] = [
      { what: 'log one metric, 8 clients', ...perSecond(single), unit: '/s', note: latencyOf(single) },
      {
        what: 'log one metric: processor time of the server',
        value: (1000 * spent) / single.reduce((sum, { requests }) => sum + requests, 0),
        unit: 'ms each',
      },
      { what: 'log a batch of 1,000 metrics, 8 clients', ...perSecond(batch), unit: '/s', note: latencyOf(batch) },
    ];
    for (const { what, query } of searches) {
      const url = `${server.address}${base}/runs?${query}`;
      const found = await rounded(rounds, () => load({ url, method: 'GET', clients: 1, seconds: 2 }));
      rows.push({
        what: `search of ${runs.toLocaleString('en-US')} runs: ${what}, p50`,
        ...figureOf(found.map(({ p50 }) => p50)),
        unit: 'ms',
      });
    }
    return rows;
  } finally {
    await server.stop();
  }
}

async function rounded(rounds: number, once: () => Promise<Load>): Promise<readonly Load[]> {
  const loads: Load[] = [];
  for (let round = 0; round < rounds; round++) loads.push(await once());
  return loads;
}

async function logUrl(client: Client): Promise<string> {
  const { id } = await client.post<{ id: string }>(`${base}/runs`, { experiment: 'load' });
  return `${client.address}${base}/runs/${id}/log`;
}

/** Every body has steps of its own: points that are there already would cost less. */
function metricBodies(count: number, points: number): readonly string[] {
  return Array.from({ length: count }, (_, body) =>
    JSON.stringify({
      metrics: Array.from({ length: points }, (__, index) => ({
        name: `m${index % 10}`,
        value: Math.random(),
        step: body * points + index,
      })),
    }),
  );
}

function perSecond(loads: readonly Load[]) {
  return figureOf(loads.map((each) => each.perSecond));
}
function latencyOf(loads: readonly Load[]): string {
  return `p50 ${figureOf(loads.map(({ p50 }) => p50)).value.toFixed(1)} ms, p99 ${figureOf(loads.map(({ p99 }) => p99)).value.toFixed(1)} ms`;
}

/** The peer's figures, each with how many times ours is better. */
function rowsOf(ours: readonly Row[], peer: MlflowFigures | undefined): readonly Row[] {
  if (peer === undefined) return [];
  const valueOf = (beginning: string): number => ours.find(({ what }) => what.startsWith(beginning))?.value ?? Number.NaN;
  const times = (factor: number): string => `Ripen: ${factor.toFixed(0)} times as fast`;
  return [
    {
      what: 'peer: MLflow server, log one metric, 8 clients',
      value: peer.metricsPerSecond,
      unit: '/s',
      target: '100 times',
      note: times(valueOf('log one metric') / peer.metricsPerSecond),
    },
    {
      what: 'peer: MLflow server, log a batch of 1,000, 8 clients',
      value: peer.batchesPerSecond,
      unit: '/s',
      target: '30 times',
      note: times(valueOf('log a batch') / peer.batchesPerSecond),
    },
    {
      what: `peer: MLflow server, search 100 of ${peer.runs} runs by a metric, p50`,
      value: peer.searchMs,
      unit: 'ms',
      target: '50 times',
      note: `${times(peer.searchMs / valueOf('search of 100,000 runs: 100 by accuracy'))}, over ${runs / peer.runs} times as many runs`,
    },
  ];
}
