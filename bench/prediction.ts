import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { seededRandom } from '#kernel/statistics/index.ts';
import { eventually } from '../tests/testing/eventually.ts';
import { load, type Load } from './measuring/load.ts';
import { measure, type Options, type Row } from './measuring/measure.ts';
import { processorTreeSeconds } from './measuring/process-use.ts';
import { figureOf, median } from './measuring/summary.ts';
import { inTemporaryFolder } from './measuring/temporary.ts';
import { peer, startPeer } from './peers/peer.ts';
import { serveModel } from './settings/serving-server.ts';
import { trainModel } from './settings/trained-model.ts';

const airports = ['ATL', 'ORD', 'DFW', 'LAX', 'DEN', 'PHX', 'LAS', 'SFO', 'JFK', 'BOS'];
const shapes = [1, 50].flatMap((rows) => [1, 4, 8].map((clients) => ({ rows, clients })));

interface Target {
  readonly name: string;
  readonly url: string;
  /** Of the processes that answer: gateway and model server, or the Python server. */
  readonly pid: number;
}

interface Measured extends Load {
  /** Milliseconds of processor that one request took in the server. */
  readonly processor: number;
}

await measure({
  name: 'prediction',
  title: 'Predictions over REST',
  run: (options, say) =>
    inTemporaryFolder(async (folder) => {
      say('training the model of the template');
      const files = await trainModel(folder);
      const bare = await bareLoops(files.model, options);
      const served = await serveModel(join(folder, 'home'), files);
      const python = await startPython(folder, { model: files.model, options, say });
      try {
        const targets = [
          { name: 'ripen', url: served.url, pid: served.pid },
          ...(python === undefined ? [] : [{ name: 'python', url: `${python.url}/v2/models/delay/infer`, pid: python.pid }]),
        ];
        const { loads, sent } = await alternate(targets, { options, say });
        const logged = await eventually('predictions in the log', async () =>
          (await served.logged()) >= sent ? served.logged() : undefined,
        );
        say(`${logged} predictions were logged of ${sent} answered`);
        return rowsOf(bare, loads);
      } finally {
        await python?.stop();
        await served.stop();
      }
    }),
});

function startPython(folder: string, { model, options, say }: { model: string; options: Options; readonly say: (line: string) => void }) {
  return peer('serving', options).then((serving) => {
    if (serving !== undefined)
      return startPeer((port) => [serving.python, join(import.meta.dirname, 'peers/onnx_server.py'), model, String(port)], {
        path: '/v2/health/ready',
        folder,
      });
    say('the Python server is left out: --peers installs it');
    return undefined;
  });
}

/** Inputs of so many flights, column by column. */
function flightsOf(rows: number, seed: number) {
  const random = seededRandom(seed);
  const draw = <Value>(make: () => Value): Value[] => Array.from({ length: rows }, make);
  const airport = (): string => airports[Math.floor(random.next() * airports.length)] ?? 'ATL';
  return {
    origin: draw(airport),
    destination: draw(airport),
    distance: draw(() => 200 + Math.floor(random.next() * 2300)),
    hour: draw(() => Math.floor(random.next() * 24)),
    day_of_week: draw(() => 1 + Math.floor(random.next() * 7)),
  };
}

function bodyOf(rows: number, seed: number): string {
  const { origin, destination, distance, hour, day_of_week: day } = flightsOf(rows, seed);
  const tensor = (name: string, datatype: string, data: readonly (string | number)[]) => ({ name, datatype, shape: [rows], data });
  return JSON.stringify({
    inputs: [
      tensor('origin', 'BYTES', origin),
      tensor('destination', 'BYTES', destination),
      tensor('distance', 'FP32', distance),
      tensor('hour', 'INT64', hour),
      tensor('day_of_week', 'INT64', day),
    ],
  });
}

/** Runs a second of the model alone, in this process: what no server can pass. */
async function bareLoops(path: string, options: Options): Promise<ReadonlyMap<number, number>> {
  const session = await InferenceSession.create(path, { intraOpNumThreads: 1, interOpNumThreads: 1 });
  const found = new Map<number, number>();
  for (const rows of [1, 50]) {
    const rates: number[] = [];
    for (let round = 0; round < (options.quick ? 1 : 5); round++) rates.push(await bareLoop(session, rows));
    found.set(rows, median(rates));
  }
  await session.release();
  return found;
}

async function bareLoop(session: InferenceSession, rows: number): Promise<number> {
  const { origin, destination, distance, hour, day_of_week: day } = flightsOf(rows, 1);
  const whole = (values: readonly number[]): Tensor => new Tensor('int64', BigInt64Array.from(values, BigInt), [rows]);
  const began = performance.now();
  let runs = 0;
  for (; performance.now() - began < 1000; runs++) {
    await session.run({
      origin: new Tensor('string', origin, [rows]),
      destination: new Tensor('string', destination, [rows]),
      distance: new Tensor('float32', Float32Array.from(distance), [rows]),
      hour: whole(hour),
      day_of_week: whole(day),
    });
  }
  return (1000 * runs) / (performance.now() - began);
}

/** Servers take turns within each round, so that what else the machine does meets both. */
async function alternate(targets: readonly Target[], { options, say }: { options: Options; readonly say: (line: string) => void }) {
  const loads = new Map<string, Measured[]>();
  let sent = 0;
  for (const { rows, clients } of shapes) {
    say(`${rows} rows, ${clients} clients`);
    const bodies = Array.from({ length: 50 }, (_, seed) => bodyOf(rows, seed));
    for (const target of targets) sent += await warm(target, bodies);
    for (let round = 0; round < (options.quick ? 1 : 3); round++) {
      for (const { name, url, pid } of targets) {
        const before = processorTreeSeconds(pid);
        const done = await load({ url, bodies, clients, seconds: options.quick ? 1 : 2 });
        const processor = (1000 * (processorTreeSeconds(pid) - before)) / done.requests;
        const key = keyOf(name, rows, clients);
        loads.set(key, [...(loads.get(key) ?? []), { ...done, processor }]);
        if (name === 'ripen') sent += done.requests * rows;
      }
    }
  }
  return { loads, sent };
}

async function warm({ name, url }: Target, bodies: readonly string[]): Promise<number> {
  const { requests } = await load({ url, bodies, clients: 4, seconds: 0.5 });
  // What each body holds, as all are alike.
  const { inputs } = JSON.parse(bodies[0] ?? '') as { inputs: readonly { shape: readonly number[] }[] };
  return name === 'ripen' ? requests * (inputs[0]?.shape[0] ?? 0) : 0;
}

function keyOf(name: string, rows: number, clients: number): string {
  return `${name}/${rows}/${clients}`;
}

function rowsOf(bare: ReadonlyMap<number, number>, loads: ReadonlyMap<string, readonly Measured[]>): readonly Row[] {
  const table: Row[] = [...bare].map(([rows, rate]) => ({ what: `bare onnxruntime loop, ${rows} rows`, value: rate, unit: '/s' }));
  for (const { rows, clients } of shapes) {
    const [ripen, python] = ['ripen', 'python'].map((name) => loads.get(keyOf(name, rows, clients)));
    const rate = (of: readonly Load[] | undefined): number => median((of ?? []).map(({ perSecond }) => perSecond));
    const ratios = [
      `${Math.round((100 * rate(ripen)) / (bare.get(rows) ?? Number.NaN))} % of the bare loop`,
      ...(python === undefined ? [] : [`${(rate(ripen) / rate(python)).toFixed(2)} times the Python server`]),
    ];
    const what = `${rows} rows, ${clients} clients`;
    if (ripen !== undefined)
      table.push({
        what: `Ripen gateway, logged: ${what}`,
        ...perSecond(ripen),
        unit: '/s',
        target: '70 % of bare, 3 times Python',
        note: `${latencyOf(ripen)}; ${ratios.join(', ')}`,
      });
    if (python !== undefined)
      table.push({
        what: `peer: FastAPI, uvicorn, orjson, ONNX Runtime: ${what}`,
        ...perSecond(python),
        unit: '/s',
        note: latencyOf(python),
      });
  }
  return table;
}

function perSecond(loads: readonly Load[]) {
  return figureOf(loads.map((each) => each.perSecond));
}
function latencyOf(loads: readonly Measured[]): string {
  return `p50 ${median(loads.map(({ p50 }) => p50)).toFixed(2)} ms, p99 ${median(loads.map(({ p99 }) => p99)).toFixed(1)} ms, ${median(loads.map(({ processor }) => processor)).toFixed(2)} ms of processor`;
}
