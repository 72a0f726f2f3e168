import { createGovernance } from '#governance/index.ts';
import { eventMigrations, proveInclusion, systemActor, verifyInclusion, verifyLog } from '#kernel/events/index.ts';
import { listen, mountEndpoints } from '#kernel/http/index.ts';
import { silentLog } from '#kernel/log.ts';
import { randomIds } from '#kernel/ids.ts';
import { seededRandom } from '#kernel/statistics/index.ts';
import { load } from './measuring/load.ts';
import { measure, type Options, type Row } from './measuring/measure.ts';
import { figureOf, processorTimed, quantile, repeated, timed } from './measuring/summary.ts';
import { inTemporaryFolder } from './measuring/temporary.ts';
import { append, appendOne, type OpenLog, openPostgresLog, openSqliteLog } from './settings/event-log.ts';

const size = 100_000;
const batch = 100;
const postgres = process.env['RIPEN_TEST_POSTGRES_URL'];

await measure({
  name: 'audit',
  title: 'Audit: proofs over 100,000 events',
  run: (options, say) =>
    inTemporaryFolder(async (folder) => {
      const rows = await measureLog('SQLite', { log: await openSqliteLog(folder, [eventMigrations]), folder, options, say });
      if (postgres === undefined) {
        say('PostgreSQL is left out: RIPEN_TEST_POSTGRES_URL is not set');
        return rows;
      }
      return [
        ...rows,
        ...(await measureLog('PostgreSQL', { log: await openPostgresLog(postgres, [eventMigrations]), folder, options, say })),
      ];
    }),
});

interface Setting {
  readonly log: OpenLog;
  readonly folder: string;
  readonly options: Options;
  readonly say: (line: string) => void;
}

async function measureLog(name: string, { log, folder, options, say }: Setting): Promise<readonly Row[]> {
  const { database, events } = log;
  try {
    say(`${name}: appending`);
    const rates = await appendRates(log, options.quick ? 1 : 3);
    const { size: begun } = await events.head();
    const filled = await timed(async () => {
      for (let index = begun; index < size; index += batch) await append(events, index, Math.min(batch, size - index));
    });
    say(`${name}: proving`);
    const random = seededRandom(1);
    const number = (): number => 1 + Math.floor(random.next() * size);
    await checkedProof(log, number());
    let proofs: readonly number[] = [];
    const proofProcessor = await processorTimed(async () => {
      proofs = await repeated(1000, () => proveInclusion(database, number()));
    });
    const http = await provedOverHttp(log, { folder, number });
    say(`${name}: verifying`);
    let verified: readonly number[] = [];
    const verifyProcessor = await processorTimed(async () => {
      verified = await repeated(2, () => verified100k(log));
    });
    return [
      { what: `inclusion proof, service call, processor time (${name})`, value: proofProcessor / 1000, unit: 'ms' },
      { what: `inclusion proof, service call, p50 (${name})`, value: quantile(proofs, 0.5), unit: 'ms', target: '5 ms' },
      { what: `inclusion proof, service call, p99 (${name})`, value: quantile(proofs, 0.99), unit: 'ms', target: '5 ms' },
      { what: `inclusion proof, HTTP, 1 client, p50 (${name})`, value: http.p50, unit: 'ms', target: '5 ms' },
      { what: `inclusion proof, HTTP, 1 client, p99 (${name})`, value: http.p99, unit: 'ms' },
      { what: `verify the whole log (${name})`, ...figureOf(verified.map((ms) => ms / 1000)), unit: 's' },
      { what: `verify the whole log, processor time (${name})`, value: verifyProcessor / 2000, unit: 's' },
      { what: `changes of one event, one after another (${name})`, ...figureOf(rates.single), unit: '/s' },
      { what: `changes of one event, 8 at a time (${name})`, ...figureOf(rates.eight), unit: '/s' },
      { what: `events in changes of ${batch} (${name})`, value: (1000 * (size - begun)) / filled, unit: '/s' },
    ];
  } finally {
    await log.close();
  }
}

async function appendRates({ events }: OpenLog, times: number): Promise<{ readonly single: number[]; readonly eight: number[] }> {
  const count = 400;
  const rates = { single: [] as number[], eight: [] as number[] };
  for (let round = 0; round < times; round++) {
    const single = await timed(async () => {
      for (let index = 0; index < count; index++) await appendOne(events, index);
    });
    const eight = await timed(() =>
      Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let index = 0; index < count / 8; index++) await appendOne(events, index);
        }),
      ),
    );
    rates.single.push((1000 * count) / single);
    rates.eight.push((1000 * count) / eight);
  }
  return rates;
}

/** What is timed must also be right. */
async function checkedProof({ database }: OpenLog, number: number): Promise<void> {
  const { leaf, index, size: treeSize, path, root } = await proveInclusion(database, number);
  if (treeSize !== size || !verifyInclusion({ leaf, index, size: treeSize, path, root }))
    throw new Error(`the proof of event ${number} does not hold`);
}

async function verified100k({ database }: OpenLog): Promise<void> {
  const { ok, size: found } = await verifyLog(database);
  if (!ok || found !== size) throw new Error(`the log of ${found} events does not verify`);
}

async function provedOverHttp({ database, events }: OpenLog, { folder, number }: { folder: string; number: () => number }) {
  const governance = createGovernance({ kernel: { database, events, home: folder, log: silentLog } });
  const ids = randomIds();
  const nextRequestId = (): string => ids.next();
  const router = mountEndpoints({ endpoints: governance.endpoints, admit: async () => systemActor, nextRequestId });
  const http = await listen(router, { host: '127.0.0.1', port: 0, nextRequestId });
  try {
    const url = `${http.address}/api/v1/events/${number()}/proof`;
    await load({ url, method: 'GET', clients: 1, seconds: 0.5 });
    return await load({ url, method: 'GET', clients: 1, seconds: 2 });
  } finally {
    await http.close(100);
  }
}
