import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { type TestCli, withCli } from '#cli/testing.ts';

const composition = () => import('../src/app.ts');

const runId = (seed: number) => seed.toString(16).padStart(32, '0');

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
}

const meta = (facts: Readonly<Record<string, string | number | null>>) =>
  Object.entries(facts)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`)
    .join('');

const experiment = (id: string, name: string, lifecycle = 'active') =>
  meta({
    experiment_id: id,
    name,
    lifecycle_stage: lifecycle,
    artifact_location: `file:///gone/mlruns/${id}`,
    creation_time: 1000,
    last_update_time: 2000,
  });

function run(id: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const about = {
    run_id: id,
    run_name: `run ${id.at(-1)}`,
    experiment_id: '3',
    status: 3,
    start_time: 5000,
    end_time: 9000,
    user_id: 'ann',
  };
  const files = {
    'meta.yaml': meta({ ...about, lifecycle_stage: 'active', artifact_uri: `file:///gone/mlruns/3/${id}/artifacts` }),
    ...more,
  };
  return Object.fromEntries(Object.entries(files).map(([name, content]) => [`3/${id}/${name}`, content]));
}

/** A store that was moved here from elsewhere, as its addresses tell. */
function writeStore(folder: string): void {
  write(folder, {
    '0/meta.yaml': experiment('0', 'Default'),
    '3/meta.yaml': experiment('3', 'delays'),
    '3/tags/team': 'ops',
    '.trash/5/meta.yaml': experiment('5', 'old', 'deleted'),
    ...run(runId(1), {
      'metrics/loss/train': '10 0.5 1\n20 nan 2\n20 inf 2\n10 0.5 1\n',
      'params/depth': '3',
      'tags/note': 'two\nlines',
      'artifacts/notes/text.txt': 'hello',
    }),
    ...run(runId(2)),
    [`3/${runId(9)}/params/left`]: 'behind',
    'models/delay/meta.yaml': meta({ name: 'delay', description: 'of flights', creation_timestamp: 3000, last_updated_timestamp: 4000 }),
    'models/delay/aliases/champion': '2',
    'models/delay/version-2/meta.yaml': meta({
      name: 'delay',
      version: 2,
      current_stage: 'Staging',
      source: `/gone/mlruns/3/${runId(1)}/artifacts/notes`,
      run_id: runId(1),
      creation_timestamp: 3500,
      last_updated_timestamp: 3600,
      description: null,
    }),
  });
}

interface Report {
  readonly counts: Readonly<Record<string, { source: number; here: number; brought: number }>>;
  readonly complete: boolean;
  readonly missing: readonly { kind: string; id: string }[];
}

const inStore = (body: (cli: TestCli) => Promise<void>) =>
  withCli(composition, async (cli) => {
    await cli.start();
    writeStore(join(cli.directory, 'mlruns'));
    await body(cli);
  });

test('a file store comes over whole, and again only what is new', async () => {
  await inStore(async ({ json, directory }) => {
    const dry = await json<Report>('import', 'mlflow', 'mlruns', '--project', 'flights', '--dry-run');
    assert.deepEqual([dry.counts['runs'], dry.counts['artifacts']?.source], [{ source: 2, here: 0, brought: 0 }, 1]);
    const first = await json<Report>('import', 'mlflow', 'mlruns', '--project', 'flights');
    assert.deepEqual([first.complete, first.missing], [true, []]);
    for (const [kind, count] of Object.entries({
      experiments: 3,
      runs: 2,
      points: 3,
      parameters: 1,
      tags: 1,
      artifacts: 1,
      models: 1,
      versions: 1,
    }))
      assert.deepEqual([kind, first.counts[kind]?.source, first.counts[kind]?.here], [kind, count, count]);
    const version = await json<{ version: number; files: { name: string }[]; aliases: string[] }>(
      'models',
      'show',
      'delay',
      '2',
      '--project',
      'flights',
    );
    assert.deepEqual([version.files.map(({ name }) => name), version.aliases], [['text.txt'], ['champion']]);
    appendFileSync(join(directory, 'mlruns/3', runId(1), 'metrics/loss/train'), '30 0.25 3\n');
    write(join(directory, 'mlruns'), { [`3/${runId(2)}/artifacts/late.txt`]: 'late' });
    const second = await json<Report>('import', 'mlflow', 'mlruns', '--project', 'flights');
    assert.deepEqual(
      [second.counts['runs']?.brought, second.counts['points']?.here, second.counts['artifacts']],
      [2, 4, { source: 2, here: 2, brought: 1 }],
    );
    const third = await json<Report>('import', 'mlflow', 'mlruns', '--project', 'flights');
    assert.deepEqual(
      Object.values(third.counts).map(({ brought }) => brought),
      Object.values(third.counts).map(() => 0),
    );
  });
});

test('what cannot be kept is told with its reason, and the rest comes over', async () => {
  await inStore(async ({ run: ripen, directory }) => {
    write(join(directory, 'mlruns'), { [`3/${runId(2)}/tags/broken`]: 'a\0b' });
    mkdirSync(join(directory, 'empty'));
    const { code, out } = await ripen('import', 'mlflow', 'mlruns', '--project', 'flights', '--json');
    assert.equal(code, 1);
    // Printed by the command under test.
    const report = JSON.parse(out) as Report;
    assert.deepEqual([report.complete, report.missing.map(({ kind, id }) => [kind, id])], [false, [['runs', runId(2)]]]);
    assert.equal(report.counts['versions']?.here, 1);
    for (const [source, problem] of [
      ['nowhere', /there is no such file or folder/],
      ['empty', /has a meta\.yaml/],
      [join('mlruns', '0', 'meta.yaml'), /not a database/],
    ] as const) {
      const failed = await ripen('import', 'mlflow', source, '--project', 'flights');
      assert.equal(failed.code, 2);
      assert.match(failed.err, problem);
    }
  });
});
