import { mkdtemp, rm } from 'node:fs/promises';
import { arch, availableParallelism, constants, hostname, platform, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { randomIds } from '#kernel/ids.ts';
import { type Exit, runProcess } from '#kernel/processes/index.ts';
import { describeCode } from '#pipelines/index.ts';
import type { RunWire } from '#tracking/index.ts';
import { type Build, describeInProject, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { formatBytes, formatDuration, print } from '../output.ts';
import { inProject, projectFolder, type ProjectSession } from '../project.ts';
import { putArtifact, sendRunLog } from '../run-log-sender.ts';
import { url } from '../url.ts';

type Options = Given & { experiment?: string; name?: string };

export const buildRun: Build = (command, context) => {
  describeInProject(
    command.passThroughOptions().argument('<command...>', 'a program and its arguments'),
    'ripen run --experiment trees -- python train.py --depth 5',
  )
    .option('--experiment <name>', 'the experiment that the run belongs to; default the name of the program')
    .option('--name <name>', 'name of the run')
    .addHelpText(
      'after',
      '\nThe command may append JSON lines to the file RIPEN_RUN_LOG:\n  {"type":"metric","name":"loss","value":0.41,"step":10}',
    )
    .action(async (words: readonly string[], options: Options) => {
      const session = await inProject(context, options);
      const run = await startRun(context, session, { words, options });
      const exit = await follow(context, session, { run, words, quiet: options.json === true });
      const { killed, code } = outcomeOf(exit);
      const ended = await session.client.post<RunWire>(session.base + url`/runs/${run.id}/finish`, {
        outcome: killed ? 'killed' : code === 0 ? 'finished' : 'failed',
        cpuMs: exit.cpuMs,
        peakMemoryBytes: exit.peakMemoryBytes,
      });
      // The output of the command is its own; ours goes where it does not mix with it.
      const told = { ...context, out: options.json === true ? context.out : context.err };
      print(told, options, ended, () => textOf(ended, exit));
      context.exit(code);
    });
};

async function startRun(
  context: CliContext,
  { client, base }: ProjectSession,
  { words, options }: { words: readonly string[]; options: Options },
): Promise<RunWire> {
  const folder = projectFolder(context.directory);
  const code = folder === undefined ? {} : await describeCode(folder);
  return client.post<RunWire>(`${base}/runs`, {
    experiment: options.experiment ?? basename(words[0] ?? 'run'),
    name: options.name,
    computeTarget: `${hostname()} ${platform()}-${arch()}, ${availableParallelism()} processors`,
    ...code,
  });
}

interface Following {
  readonly run: RunWire;
  readonly words: readonly string[];
  /** Standard output is for JSON. */
  readonly quiet: boolean;
}

async function follow(context: CliContext, session: ProjectSession, { run, words, quiet }: Following): Promise<Exit> {
  const work = await mkdtemp(join(tmpdir(), 'ripen-run-'));
  const runPath = session.base + url`/runs/${run.id}`;
  const place = { client: session.client, path: runPath };
  const file = join(work, 'run.jsonl');
  const warn = (text: string) => context.err.write(`${text}\n`);
  const finishLog = sendRunLog({ ...place, file, directory: context.directory, warn });
  try {
    const child = runProcess({
      command: words,
      cwd: context.directory,
      env: environmentFor(context, { file, project: session.project, address: session.client.address }),
      log: {
        path: join(work, 'output.log'),
        onLine: (stream, line) => (stream === 'stdout' && !quiet ? context.out : context.err).write(`${line}\n`),
      },
      // Its own mark: this command belongs to no server, and no server may sweep it.
      owner: randomIds().next(),
    });
    const release = onInterrupt((signal) => void child.stop(signal));
    const exit = await child.exited.finally(release);
    await finishLog();
    await putArtifact(place, 'output.log', join(work, 'output.log'));
    return exit;
  } catch (error) {
    await finishLog();
    await session.client.post(`${runPath}/finish`, { outcome: 'failed' });
    throw error;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function environmentFor(
  { environment }: CliContext,
  { file, project, address }: { file: string; project: string; address: string },
): Record<string, string> {
  const own = Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return { ...Object.fromEntries(own), RIPEN_RUN_LOG: file, RIPEN_PROJECT: project, RIPEN_URL: address };
}

function onInterrupt(stop: (signal: string) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const listeners = signals.map((signal) => [signal, () => stop(signal)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}

/** As a shell tells it: 128 and the number of the signal. */
function outcomeOf({ code, signal, reason }: Exit): { readonly killed: boolean; readonly code: number } {
  return {
    killed: reason !== 'exited' || signal !== undefined,
    code: code ?? 128 + (signal === undefined ? 0 : constants.signals[signal]),
  };
}

function textOf(run: RunWire, { durationMs, cpuMs, peakMemoryBytes }: Exit): string {
  const parts = [
    `Run ${run.id} ${run.state}`,
    `after ${formatDuration(durationMs) ?? ''}`,
    cpuMs === undefined ? '' : `processor ${formatDuration(cpuMs) ?? ''}`,
    peakMemoryBytes === undefined ? '' : `memory ${formatBytes(peakMemoryBytes) ?? ''}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
