import { setTimeout as pause } from 'node:timers/promises';
import { join } from 'node:path';
import { launch, type Ripen } from '../tests/testing/launch.ts';
import { measure, type Options, type Row } from './measuring/measure.ts';
import { processorSeconds, residentMB, residentTreeMB } from './measuring/process-use.ts';
import { figureOf } from './measuring/summary.ts';
import { inTemporaryFolder } from './measuring/temporary.ts';
import { peer, startPeer } from './peers/peer.ts';
import { makeLivedInHome } from './settings/lived-in-home.ts';

const idleMs = 10_000;

await measure({
  name: 'start',
  title: 'Start, idle memory and end of the server',
  run: (options, say) =>
    inTemporaryFolder(async (folder) => {
      const empty = await idleOf(join(folder, 'empty'));
      say('an existing home');
      const home = join(folder, 'existing');
      await makeLivedInHome(home, folder);
      const lives: Life[] = [];
      for (let round = 0; round < (options.quick ? 3 : 7); round++) lives.push(await oneLife(home, round === 0));
      const idle = lives[0]?.idle;
      const ours: readonly Row[] = [
        {
          what: 'up on an existing home, from the first process',
          ...figureOf(lives.map(({ startedInMs }) => startedInMs / 1000)),
          unit: 's',
          target: '1 s',
        },
        { what: 'processor time until then, server process', ...figureOf(lives.map(({ processor }) => processor)), unit: 's' },
        {
          what: 'SIGTERM until everything has ended',
          ...figureOf(lives.map(({ endedInMs }) => endedInMs / 1000)),
          unit: 's',
          target: '10 s',
        },
        {
          what: 'control plane idle for 10 s, existing home',
          value: idle?.process ?? Number.NaN,
          unit: 'MB',
          target: '150 MB',
          note: 'resident',
        },
        {
          what: 'the same with every process below it',
          value: idle?.tree ?? Number.NaN,
          unit: 'MB',
          note: 'shared pages count once for each process',
        },
        { what: 'control plane idle for 10 s, empty home', value: empty.process, unit: 'MB', target: '150 MB', note: 'resident' },
      ];
      return [...ours, ...(await mlflowServer(folder, { options, say }))];
    }),
});

interface Idle {
  readonly process: number;
  readonly tree: number;
}

interface Life {
  readonly startedInMs: number;
  readonly processor: number;
  readonly endedInMs: number;
  readonly idle: Idle | undefined;
}

async function idleNow(pid: number): Promise<Idle> {
  await pause(idleMs);
  return { process: residentMB(pid), tree: residentTreeMB(pid) };
}

async function idleOf(home: string): Promise<Idle> {
  const server = await launched(home);
  try {
    return await idleNow(server.pid);
  } finally {
    await server.stop();
  }
}

async function oneLife(home: string, withIdle: boolean): Promise<Life> {
  const server = await launched(home);
  const processor = processorSeconds(server.pid);
  const idle = withIdle ? await idleNow(server.pid) : undefined;
  const { afterMs, code } = await server.stop();
  if (code !== 0) throw new Error(`the server ended with ${code}`);
  return { startedInMs: server.startedInMs, processor, endedInMs: afterMs, idle };
}

/** On the pinned Node: an older one only adds the start of the launcher. */
function launched(home: string): Promise<Ripen> {
  return launch({ home, node: process.execPath });
}

async function mlflowServer(
  folder: string,
  { options, say }: { options: Options; readonly say: (line: string) => void },
): Promise<readonly Row[]> {
  const mlflow = await peer('mlflow', options);
  if (mlflow === undefined) {
    say('the MLflow server is left out: --peers installs it');
    return [];
  }
  say('the MLflow server');
  const starts: number[] = [];
  let memory = Number.NaN;
  for (let round = 0; round < (options.quick ? 1 : 3); round++) {
    const server = await startPeer(
      (port) => [
        mlflow.program('mlflow'),
        'server',
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--backend-store-uri',
        `sqlite:///${folder}/mlflow.db`,
      ],
      { path: '/health', folder },
    );
    try {
      // The first start makes the tables.
      if (round > 0 || options.quick) starts.push(server.startedInMs / 1000);
      if (round === 0) {
        await pause(idleMs);
        memory = residentTreeMB(server.pid);
      }
    } finally {
      await server.stop();
    }
  }
  return [
    { what: 'peer: MLflow server, start until /health answers', ...figureOf(starts), unit: 's', note: 'tables made before' },
    { what: 'peer: MLflow server idle for 10 s, all its processes', value: memory, unit: 'MB', note: 'its default number of workers' },
  ];
}
