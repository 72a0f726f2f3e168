import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { execFile } from 'node:child_process';
import { launch, type Ripen } from '../tests/testing/launch.ts';
import { measure, type Options, type Row } from './measuring/measure.ts';
import { processorSeconds } from './measuring/process-use.ts';
import { timed } from './measuring/summary.ts';
import { inTemporaryFolder } from './measuring/temporary.ts';
import { peer } from './peers/peer.ts';
import { makeProject, runEnds } from './settings/lived-in-home.ts';

const execute = promisify(execFile);

/** Steps that do nothing, each in a process group and a folder of its own; `command` is what is started in it. */
const pipelines = [
  { name: 'shell', count: 1000, command: 'true' },
  { name: 'python', count: 100, command: 'python3 -I -S -c pass' },
  { name: 'node', count: 100, command: 'node -e 0' },
] as const;

const flow = `
from metaflow import FlowSpec, step

class Noop(FlowSpec):
    @step
    def start(self):
        self.items = list(range(50))
        self.next(self.work, foreach="items")

    @step
    def work(self):
        self.next(self.join)

    @step
    def join(self, inputs):
        self.next(self.end)

    @step
    def end(self):
        pass

if __name__ == "__main__":
    Noop()
`;

await measure({
  name: 'steps',
  title: 'Isolated steps that do nothing',
  run: (options, say) =>
    inTemporaryFolder(async (folder) => {
      const server = await launch({ home: join(folder, 'home'), node: process.execPath });
      try {
        const rows = await ripenSteps(server, { folder, say });
        return [...rows, ...(await metaflowTasks(folder, { options, say }))];
      } finally {
        await server.stop();
      }
    }),
});

async function ripenSteps(
  { client, pid }: Ripen,
  { folder, say }: { folder: string; readonly say: (line: string) => void },
): Promise<readonly Row[]> {
  const path = join(folder, 'project');
  await makeProject(client, { name: 'bench', path, declaration: declarationOf() });
  const rows: Row[] = [];
  for (const { name, count, command } of pipelines) {
    say(`${count} steps of \`${command}\``);
    const before = processorSeconds(pid);
    const wall = await timed(async () => {
      await client.post(`/api/v1/projects/bench/pipelines/${name}/runs`);
      await runEnds(client, '/api/v1/projects/bench', 400_000);
    });
    const processor = processorSeconds(pid) - before;
    const what = `${count} steps of \`${command}\`, 2 at a time`;
    rows.push({
      what,
      value: wall / 1000,
      unit: 's',
      ...(count === 1000 ? { target: '30 s' } : {}),
      note: `${(wall / count).toFixed(1)} ms a step`,
    });
    rows.push({ what: `${what}: processor time of the server`, value: processor, unit: 's' });
  }
  return rows;
}

function declarationOf(): string {
  const steps = (count: number, command: string): string =>
    Array.from({ length: count }, (_, index) => `      s${index}: { command: '${command}', cache: false }`).join('\n');
  return `project: bench\npipelines:\n${pipelines.map(({ name, count, command }) => `  ${name}:\n    steps:\n${steps(count, command)}`).join('\n')}\n`;
}

async function metaflowTasks(
  folder: string,
  { options, say }: { options: Options; readonly say: (line: string) => void },
): Promise<readonly Row[]> {
  const metaflow = await peer('metaflow', options);
  if (metaflow === undefined) {
    say('Metaflow is left out: --peers installs it');
    return [];
  }
  say('Metaflow: a foreach of 50 tasks');
  writeFileSync(join(folder, 'noop.py'), flow);
  const env = { ...process.env, USERNAME: 'bench', METAFLOW_HOME: folder, METAFLOW_USER: 'bench' };
  const wall = await timed(() =>
    execute(metaflow.python, ['noop.py', 'run', '--max-workers', '2'], { cwd: folder, env, maxBuffer: 2 ** 26 }),
  );
  const perTask = wall / 53;
  return [
    {
      what: 'peer: Metaflow, foreach of 50 tasks (53 with start, join, end), 2 at a time',
      value: wall / 1000,
      unit: 's',
      note: `${perTask.toFixed(0)} ms a task`,
    },
    { what: 'peer: Metaflow, scaled to 1,000 tasks', value: perTask, unit: 's', note: 'computed from the 53, not run' },
  ];
}
