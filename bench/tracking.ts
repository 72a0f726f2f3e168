import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { load, type Load } from './measuring/load.ts';
import { measure, type Options, type Row } from './measuring/measure.ts';
import { figureOf } from './measuring/summary.ts';
import { inTemporaryFolder } from './measuring/temporary.ts';
import { candidates, type TrackingServer } from './settings/tracking-servers.ts';

const runs = 100_000;
const clients = 8;

interface Figure {
  readonly what: string;
  /** Requests a second, milliseconds, or MB. */
  readonly unit: '/s' | 'ms' | 'MB' | 'MB/s';
  readonly values: readonly number[];
}

/** How many times MLflow's server Ripen should be, by the beginning of the row. */
const targets: readonly (readonly [string, string])[] = [
  ['log-metric', '100 times'],
  ['log-param', '100 times'],
  ['create-run', '100 times'],
  ['log-batch', '30 times'],
  ['search', '50 times'],
  ['memory', 'a tenth'],
];

await measure({
  name: 'tracking',
  title: 'Tracking: the MLflow protocol, beside its own server',
  async run(options, say) {
    const measured: { readonly name: string; readonly figures: readonly Figure[] }[] = [];
    for (const candidate of await candidates(options, say))
      await inTemporaryFolder(async (folder) => {
        say(`${candidate.name}: making ${runs.toLocaleString('en-US')} runs of 30 metrics and 30 params`);
        const server = await candidate.open(folder, runs);
        try {
          measured.push({ name: candidate.name, figures: await figuresOf(server, options, say) });
        } finally {
          await server.stop();
        }
      });
    return [...(await limitOfNode()), ...rowsOf(measured)];
  },
});

async function figuresOf(server: TrackingServer, options: Options, say: (line: string) => void): Promise<readonly Figure[]> {
  say(`${server.name}: measuring`);
  const idle = server.memory();
  const figures = [
    { what: 'start until the first answer', unit: 'ms', values: [server.startedInMs] },
    ...(await searches(server, options, say)),
    ...(await history(server, options)),
    ...(await writes(server, options)),
    ...(await artifact(server)),
    { what: 'memory when idle, all processes', unit: 'MB', values: [idle / 1e6] },
    { what: 'memory after all of this', unit: 'MB', values: [server.memory() / 1e6] },
  ] as const;
  return figures;
}

/** The same request over and over from one client, and the median of its time. */
async function searches(server: TrackingServer, options: Options, say: (line: string) => void): Promise<readonly Figure[]> {
  const { experiment, url } = server;
  const search = (more: object) => JSON.stringify({ experiment_ids: [experiment], max_results: 100, ...more });
  const kinds: readonly (readonly [string, string])[] = [
    ['plain, 100 of 100,000', search({})],
    ['filter on a metric', search({ filter: 'metrics.m3 > 0.9' })],
    ['filter on a param', search({ filter: "params.p4 = 'v42'" })],
    [
      'filter on a metric and a param, by a metric',
      search({ filter: "metrics.m3 > 0.5 and params.p4 = 'v42'", order_by: ['metrics.m5 DESC'] }),
    ],
    ['ordered by a metric', search({ order_by: ['metrics.m5 DESC'] })],
    ['a deep page, after 10,000', search({ page_token: await deepToken(server, 10_000) })],
  ];
  const figures: Figure[] = [];
  for (const [what, body] of kinds) {
    const plan = { url: `${url}/api/2.0/mlflow/runs/search`, bodies: [body], clients: 1, seconds: 3 };
    const values = (await repeated(options, plan)).map(({ p50 }) => p50);
    // Some take minutes; whoever waits sees that it goes on.
    say(`search: ${what}: ${Math.round(figureOf(values).value)} ms`);
    figures.push({ what: `search: ${what}, p50`, unit: 'ms', values });
  }
  return figures;
}

async function deepToken(server: TrackingServer, rows: number): Promise<string> {
  // MLflow's token says how many to pass over; to read them first takes it minutes.
  if (server.name.startsWith('MLflow')) return Buffer.from(JSON.stringify({ offset: rows })).toString('base64');
  let token = '';
  for (let read = 0; read < rows; read += 10_000) {
    const message = { experiment_ids: [server.experiment], max_results: 10_000, ...(token === '' ? {} : { page_token: token }) };
    token = (await post<{ next_page_token: string }>(server, 'runs/search', message)).next_page_token;
  }
  return token;
}

async function history(server: TrackingServer, options: Options): Promise<readonly Figure[]> {
  const run = await createRun(server);
  for (let start = 0; start < 100_000; start += 1000)
    await post(server, 'runs/log-batch', { run_id: run, metrics: points(1000, (index) => ({ key: 'curve', step: start + index })) });
  const url = `${server.url}/api/2.0/mlflow/metrics/get-history?run_id=${run}&metric_key=curve&max_results=100000`;
  const loads = await repeated(options, { url, method: 'GET', clients: 1, seconds: 3 });
  return [{ what: 'get-history of 100,000 points, p50', unit: 'ms', values: loads.map(({ p50 }) => p50) }];
}

async function writes(server: TrackingServer, options: Options): Promise<readonly Figure[]> {
  const run = await createRun(server);
  const others: string[] = [];
  for (let index = 0; index < 200; index++) others.push(await createRun(server));
  const { url, experiment } = server;
  const bodies = {
    'log-metric': ['runs/log-metric', many(5000, (step) => ({ run_id: run, key: 'single', value: Math.random(), timestamp: 1, step }))],
    'log-param': [
      'runs/log-parameter',
      others.flatMap((id) => many(100, (index) => ({ run_id: id, key: `k${index}`, value: String(index) }))),
    ],
    'log-batch of 1,000 metrics': [
      'runs/log-batch',
      many(60, (batch) => ({ run_id: run, metrics: points(1000, (index) => ({ key: `b${index % 10}`, step: batch * 1000 + index })) })),
    ],
    'create-run': ['runs/create', many(100, (index) => ({ experiment_id: experiment, start_time: 1_800_000_000_000 + index, tags: [] }))],
  } as const;
  const figures: Figure[] = [];
  for (const [what, [path, texts]] of Object.entries(bodies)) {
    const plan = { url: `${url}/api/2.0/mlflow/${path}`, bodies: texts, clients, seconds: 4 };
    const loads = await repeated(options, plan);
    figures.push({ what: `${what}, ${clients} clients`, unit: '/s', values: loads.map(({ perSecond }) => perSecond) });
  }
  return figures;
}

async function artifact(server: TrackingServer): Promise<readonly Figure[]> {
  const megabytes = 100;
  const content = Buffer.alloc(megabytes * 1_000_000, 'ripen ');
  const url = `${server.url}/api/2.0/mlflow-artifacts/artifacts/${server.experiment}/${await createRun(server)}/artifacts/large.bin`;
  const up: number[] = [];
  const down: number[] = [];
  for (let round = 0; round < 3; round++) {
    content.writeUInt32LE(round);
    up.push(
      await megabytesPerSecond(megabytes, async () => void (await answered(await fetch(url, { method: 'PUT', body: content }))).text()),
    );
    down.push(await megabytesPerSecond(megabytes, async () => void (await (await answered(await fetch(url))).arrayBuffer())));
  }
  return [
    { what: 'artifact of 100 MB up', unit: 'MB/s', values: up },
    { what: 'artifact of 100 MB down', unit: 'MB/s', values: down },
  ];
}

async function megabytesPerSecond(megabytes: number, transfer: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await transfer();
  return megabytes / ((performance.now() - began) / 1000);
}

/** What node:http alone does on this machine under the same load: the ceiling of the small writes. */
async function limitOfNode(): Promise<readonly Row[]> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().once('end', () => outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': 2 }).end('{}'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server on a port has an address.
  const { port } = server.address() as AddressInfo;
  const body = JSON.stringify({ run_id: '0'.repeat(32), key: 'single', value: 0.5, timestamp: 1, step: 1 });
  const { perSecond } = await load({ url: `http://127.0.0.1:${port}/`, bodies: [body], clients, seconds: 3 });
  server.closeAllConnections();
  server.close();
  return [{ what: `limit: node:http that only reads the request, ${clients} clients`, value: perSecond, unit: '/s' }];
}

async function repeated(options: Options, plan: Parameters<typeof load>[0]): Promise<readonly Load[]> {
  const loads: Load[] = [];
  for (let round = 0; round < (options.quick ? 1 : 3); round++) loads.push(await load(plan));
  return loads;
}

async function createRun(server: TrackingServer): Promise<string> {
  const { run } = await post<{ run: { info: { run_id: string } } }>(server, 'runs/create', {
    experiment_id: server.experiment,
    start_time: 1_600_000_000_000,
  });
  return run.info.run_id;
}

async function post<Result>({ url }: TrackingServer, path: string, message: object): Promise<Result> {
  const headers = { 'content-type': 'application/json' };
  const response = await answered(await fetch(`${url}/api/2.0/mlflow/${path}`, { method: 'POST', headers, body: JSON.stringify(message) }));
  // Its documented answer.
  return (await response.json()) as Result;
}

async function answered(response: Response): Promise<Response> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${(await response.text()).slice(0, 300)}`);
  return response;
}

function many(count: number, of: (index: number) => object): readonly string[] {
  return Array.from({ length: count }, (_, index) => JSON.stringify(of(index)));
}

function points(count: number, of: (index: number) => object): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({ value: Math.random(), timestamp: 1_700_000_000_000 + index, ...of(index) }));
}

/** Every figure of every candidate; the notes say how many times that of MLflow on the same database it is. */
function rowsOf(measured: readonly { readonly name: string; readonly figures: readonly Figure[] }[]): readonly Row[] {
  const valueOf = (name: string, what: string): number | undefined => {
    const figure = measured.find((each) => each.name.startsWith(name))?.figures.find((each) => each.what === what);
    return figure === undefined ? undefined : figureOf(figure.values).value;
  };
  const whats = measured[0]?.figures.map(({ what }) => what) ?? [];
  return whats.flatMap((what) =>
    measured.flatMap(({ name, figures }): Row[] => {
      const figure = figures.find((each) => each.what === what);
      if (figure === undefined) return [];
      const peer = name.startsWith('Ripen') ? valueOf(name.replace('Ripen', 'MLflow'), what) : undefined;
      const value = figureOf(figure.values);
      const times = peer === undefined ? undefined : figure.unit.endsWith('/s') ? value.value / peer : peer / value.value;
      const target = targets.find(([beginning]) => what.startsWith(beginning))?.[1];
      return [
        {
          what: `${what}: ${name}`,
          ...value,
          unit: figure.unit,
          ...(target === undefined || !name.startsWith('Ripen') ? {} : { target }),
          ...(times === undefined ? {} : { note: `${times >= 10 ? times.toFixed(0) : times.toFixed(1)} times as good as MLflow` }),
        },
      ];
    }),
  );
}
