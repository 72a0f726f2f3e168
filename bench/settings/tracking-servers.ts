import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { launch } from '../../tests/testing/launch.ts';
import type { Options } from '../measuring/measure.ts';
import { peer, type PeerServer, startPeer } from '../peers/peer.ts';
import { type FactsOf, makeManyRuns, manyRunsProject } from './many-runs.ts';

const names = Array.from({ length: 30 }, (_, index) => index);

/** A tracking server with many runs of 30 metrics and 30 params, in the words of the MLflow protocol. */
export interface TrackingServer {
  readonly name: string;
  /** What `api/2.0/mlflow/…` is appended to. */
  readonly url: string;
  /** The experiment of the runs. */
  readonly experiment: string;
  /** From the start of the process to its first answer. */
  readonly startedInMs: number;
  /** Bytes of the whole process tree now. */
  memory(): number;
  stop(): Promise<void>;
}

export interface Candidate {
  readonly name: string;
  open(folder: string, runs: number): Promise<TrackingServer>;
}

/** Ripen and, where it is installed, MLflow's own server: each on SQLite by its defaults, and on PostgreSQL where a server is known. */
export async function candidates(options: Options, say: (line: string) => void): Promise<readonly Candidate[]> {
  const postgres = process.env['RIPEN_TEST_POSTGRES_URL'];
  if (postgres === undefined) say('PostgreSQL is left out: RIPEN_TEST_POSTGRES_URL is not set');
  const mlflow = await peer('mlflow', options);
  if (mlflow === undefined) say('the MLflow server is left out: --peers installs it');
  const program = mlflow?.program('mlflow');
  return [
    ripen('Ripen on SQLite', undefined),
    ...(program === undefined ? [] : [mlflowOnSqlite(program)]),
    ...(postgres === undefined ? [] : [ripen('Ripen on PostgreSQL', postgres)]),
    ...(postgres === undefined || program === undefined ? [] : [mlflowOnPostgres(program, postgres, mlflow?.python ?? 'python3')]),
  ];
}

const wideFacts: FactsOf = (index, random) => ({
  metrics: names.map((name) => ({ name: `m${name}`, value: random.next(), step: 1 })),
  parameters: Object.fromEntries(names.map((name) => [`p${name}`, `v${(index * (name + 7)) % 100}`])),
  tags: { team: index % 2 === 0 ? 'red' : 'blue' },
});

function ripen(name: string, postgres: string | undefined): Candidate {
  return {
    name,
    async open(folder, count) {
      const home = join(folder, 'ripen');
      const schema = postgres === undefined ? undefined : await createSchema(postgres);
      await makeManyRuns(home, { count, facts: wideFacts, experiments: 1, database: schema?.url });
      const environment = schema === undefined ? {} : { RIPEN_DATABASE_URL: schema.url };
      const server = await launch({ home, node: process.execPath, environment });
      return {
        name,
        url: `${server.address}/projects/${manyRunsProject}`,
        experiment: '1',
        startedInMs: server.startedInMs,
        memory: () => treeMemory(server.pid),
        async stop() {
          await server.stop();
          await schema?.drop();
        },
      };
    },
  };
}

function mlflowOnSqlite(program: string): Candidate {
  const name = 'MLflow on SQLite, its defaults';
  return {
    name,
    async open(folder, runs) {
      const file = join(folder, 'mlflow.db');
      const server = await startMlflow(program, { folder, store: `sqlite:///${file}` });
      const database = new DatabaseSync(file, { timeout: 20_000 });
      for (const statement of fillMlflow(runs, 'sqlite')) database.exec(statement);
      database.close();
      return mlflowServer(name, server, () => server.stop());
    },
  };
}

function mlflowOnPostgres(program: string, postgres: string, python: string): Candidate {
  const name = 'MLflow on PostgreSQL, 4 workers';
  return {
    name,
    async open(folder, runs) {
      execFileSync(python, ['-m', 'pip', 'install', '--quiet', 'psycopg2-binary'], { stdio: 'ignore', timeout: 300_000 });
      const schema = await createSchema(postgres);
      const server = await startMlflow(program, { folder, store: schema.url, workers: 4 });
      const client = new pg.Client({ connectionString: schema.url });
      await client.connect();
      for (const statement of fillMlflow(runs, 'postgres')) await client.query(statement);
      await client.query('analyze');
      await client.end();
      return mlflowServer(name, server, async () => {
        await server.stop();
        await schema.drop();
      });
    },
  };
}

function startMlflow(
  program: string,
  { folder, store, workers }: { readonly folder: string; readonly store: string; readonly workers?: number },
): Promise<PeerServer> {
  const more = workers === undefined ? [] : ['--workers', String(workers)];
  mkdirSync(join(folder, 'mlartifacts'), { recursive: true });
  return startPeer((port) => [program, 'server', '--host', '127.0.0.1', '--port', String(port), '--backend-store-uri', store, ...more], {
    path: '/health',
    folder,
    environment: { MLFLOW_DISABLE_TELEMETRY: 'true', DO_NOT_TRACK: 'true' },
  });
}

function mlflowServer(name: string, server: PeerServer, stop: () => Promise<void>): TrackingServer {
  return { name, url: server.url, experiment: '0', startedInMs: server.startedInMs, memory: () => treeMemory(server.pid), stop };
}

/** The same runs in MLflow's own tables: through its API they would take hours. */
function fillMlflow(runs: number, dialect: 'sqlite' | 'postgres'): readonly string[] {
  const sqlite = dialect === 'sqlite';
  const counted = (name: string, from: number, to: number) =>
    `${name}(${name}) as (select ${from} union all select ${name} + 1 from ${name} where ${name} < ${to})`;
  const run = `with recursive ${counted('n', 1, runs)}`;
  const facts = `with recursive ${counted('n', 1, runs)}, ${counted('k', 0, names.length - 1)}`;
  const id = sqlite ? "printf('%032x', n)" : "lpad(to_hex(n), 32, '0')";
  const no = sqlite ? '0' : 'false';
  const value = '((n * 7919 + k * 104729) % 10007) / 10007.0';
  const time = '1700000000000 + n * 1000';
  return [
    'begin',
    `insert into runs (run_uuid, name, source_type, source_name, entry_point_name, user_id, status, start_time, source_version, lifecycle_stage, artifact_uri, experiment_id)
     ${run} select ${id}, 'run-' || n, 'LOCAL', '', '', 'bench', 'FINISHED', ${time}, '', 'active', 'mlflow-artifacts:/0/' || n, 0 from n`,
    `insert into metrics (key, value, timestamp, run_uuid, step, is_nan) ${facts} select 'm' || k, ${value}, ${time}, ${id}, 1, ${no} from n, k`,
    `insert into latest_metrics (key, value, timestamp, step, is_nan, run_uuid) ${facts} select 'm' || k, ${value}, ${time}, 1, ${no}, ${id} from n, k`,
    `insert into params (key, value, run_uuid) ${facts} select 'p' || k, 'v' || ((n * (k + 7)) % 100), ${id} from n, k`,
    `insert into tags (key, value, run_uuid) ${run} select 'team', case when n % 2 = 0 then 'red' else 'blue' end, ${id} from n`,
    'commit',
  ];
}

/** Resident bytes of a process and all below it. */
function treeMemory(pid: number): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  const processes = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const below = (parent: number): number =>
    processes.filter(([, of]) => of === parent).reduce((sum, [child = 0, , kib = 0]) => sum + kib * 1024 + below(child), 0);
  const own = processes.find(([each]) => each === pid)?.[2] ?? 0;
  return own * 1024 + below(pid);
}

/** An empty schema of the test server. */
async function createSchema(address: string): Promise<{ readonly url: string; drop(): Promise<void> }> {
  const schema = `bench_${randomBytes(6).toString('hex')}`;
  const run = async (statement: string): Promise<void> => {
    const admin = new pg.Client({ connectionString: address });
    await admin.connect();
    await admin.query(statement);
    await admin.end();
  };
  await run(`create schema ${schema}`);
  return { url: `${address}?options=${encodeURIComponent(`-c search_path=${schema}`)}`, drop: () => run(`drop schema ${schema} cascade`) };
}
