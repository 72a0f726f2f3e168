import assert from 'node:assert/strict';
import { chmodSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { parseDigest } from '#kernel/objects/index.ts';
import type { RegisteredVersion } from './collaborators.ts';
import type { ReleaseStory } from './releases.ts';
import { ada, type Bench, declaration, brokenWorkers, rowsWithBlindBaseline, withOwnBench } from './testing/delivery-bench.ts';

const context = { actor: ada, project: 'flights' };
const good = { weight: 4, bias: 0 };

async function judged(bench: Bench, version: number, worker?: keyof typeof brokenWorkers): Promise<ReleaseStory> {
  const timeoutMs = worker === 'hanging' ? 400 : 20_000;
  const instance = await bench.start(worker === undefined ? undefined : { file: brokenWorkers[worker], timeoutMs });
  const asked = { project: 'flights', deployment: 'delay', version, reason: 'a test' };
  const { id } = await instance.delivery.release(context, asked);
  const story = await bench.until(instance.delivery, id);
  await instance.stop();
  return story;
}

function refusals({ gates }: ReleaseStory): string[] {
  return (gates.at(-1)?.checks ?? []).filter(({ outcome }) => outcome === 'refused').map(({ name }) => name);
}

test('what is missing, broken or changed keeps the gate closed and says so', () =>
  withOwnBench(async (bench) => {
    let version = 0;
    const refused = async (expected: string, explanation: RegExp, prepare: (version: number) => Promise<unknown>): Promise<void> => {
      version += 1;
      await prepare(version);
      const story = await judged(bench, version);
      assert.equal(story.release.state, 'refused', expected);
      const check = story.gates[0]?.checks.find(({ name }) => name === expected);
      assert.deepEqual([story.gates.length, check?.outcome], [1, 'refused'], `${expected} in ${JSON.stringify(story.gates)}`);
      assert.match(check?.explanation ?? '', explanation);
    };
    const cases: Parameters<typeof refused>[] = [
      ['artifact_digest', /no file evaluation\.parquet/, (n) => bench.register(n, good, { without: ['evaluation.parquet'] })],
      ['artifact_digest', /no file model\.onnx/, (n) => bench.register(n, good, { without: ['model.onnx'] })],
      ['model_card', /no card\.md/, (n) => bench.register(n, good, { without: ['card.md'] })],
      ['candidate_evaluated', /no column "x2"/, (n) => bench.register(n, { ...good, input: 'x2' })],
      ['auc_over_baseline', /not finite|finite numbers/, (n) => bench.register(n, { weight: Number.NaN, bias: 0 })],
      [
        'auc_over_baseline',
        /labels are 0 or 1/,
        (n) => bench.register(n, good, { rows: rowsWithBlindBaseline.replace('::INT AS', '::INT + 1 AS') }),
      ],
      [
        'auc_over_baseline',
        /no baseline/,
        (n) => bench.register(n, good, { rows: rowsWithBlindBaseline.replace('AS baseline_score', 'AS old') }),
      ],
      ['slice_floors', /no slices/, (n) => bench.register(n, good, { rows: rowsWithBlindBaseline.replace('AS slice_half', 'AS half') })],
      ['candidate_evaluated', /no rows/, (n) => bench.register(n, good, { rows: `SELECT * FROM (${rowsWithBlindBaseline}) WHERE x > 9` })],
      ['version_registered', /No version/, (n) => bench.register(n, good).then(() => bench.vanishing.add(n))],
      ['contracts_known', /No snapshot 9/, (n) => bench.register(n, good, { snapshot: 9 })],
      [
        'contract_green',
        /flights@2/,
        (n) => {
          bench.snapshots.set(2, { mode: 'append', parent: 1, contract: undefined });
          return bench.register(n, good, { snapshot: 2 });
        },
      ],
      ['artifact_digest', /not those that were registered/, async (n) => spoil(bench, await bench.register(n, { ...good, padding: 77 }))],
    ];
    for (const each of cases) await refused(...each);
    const serves = bench.serving.serving.bind(bench.serving);
    let asked = 0;
    bench.serving.serving = (place) => (asked++ === 0 ? serves(place) : Promise.reject(new Error('Serving cannot be asked.')));
    await refused('production_known', /Serving cannot be asked/, (n) => bench.register(n, good));
  }));

async function spoil(bench: Bench, { files }: RegisteredVersion): Promise<void> {
  const path = await bench.objects.path(parseDigest(files['model.onnx'] ?? ''));
  chmodSync(path, 0o644);
  writeFileSync(path, 'something else');
}

test('a worker that is killed, hangs or talks nonsense refuses the release', () =>
  withOwnBench(async (bench) => {
    const reasons = { dying: /SIGKILL ended it/, hanging: /not finish within 0\.4 s/, babbling: /cannot be read/ } as const;
    let version = 0;
    for (const worker of ['dying', 'hanging', 'babbling'] as const) {
      await bench.register(++version, good);
      const story = await judged(bench, version, worker);
      assert.deepEqual([story.release.state, story.gates[0]?.outcome], ['refused', 'error']);
      assert.match(story.gates[0]?.checks.find(({ name }) => name === 'candidate_evaluated')?.explanation ?? '', reasons[worker]);
      assert.ok(refusals(story).includes('auc_over_baseline'), 'what was not asked is refused too');
    }
    assert.equal(bench.serving.orders.length, 0);
  }));

test('a version with another signature than production is refused', () =>
  withOwnBench(async (bench) => {
    await bench.register(1, good);
    assert.equal((await judged(bench, 1)).release.state, 'released');
    const rows = `SELECT *, (x * 1000)::BIGINT AS n FROM (${rowsWithBlindBaseline})`;
    await bench.register(2, { weight: 0.004, bias: 0, input: 'n', datatype: 'INT64' }, { rows });
    const story = await judged(bench, 2);
    assert.deepEqual([story.release.state, refusals(story)], ['refused', ['signature_compatible']]);
    assert.match(story.release.state === 'refused' ? (story.gates[0]?.checks.at(-1)?.explanation ?? '') : '', /input x is gone/);
  }));

test('staging that answers otherwise than the gate saw keeps production closed', () =>
  withOwnBench(async (bench) => {
    await bench.register(1, good);
    bench.serving.score = (x) => 1 / (1 + Math.exp(-4.01 * x));
    const story = await judged(bench, 1);
    assert.deepEqual(
      [story.release.state, story.gates.map(({ environment, outcome }) => `${environment} ${outcome}`)],
      ['refused', ['staging passed', 'production refused']],
    );
    assert.deepEqual(refusals(story), ['smoke_scores']);
    bench.serving.score = () => Number.NaN;
    await bench.register(2, good);
    assert.deepEqual(refusals(await judged(bench, 2)), ['smoke_scores']);
    assert.equal(bench.serving.orders.filter(({ place }) => place.environment === 'production').length, 0);
  }));

test('gates that ask for nothing refuse', () =>
  withOwnBench(async (bench) => {
    bench.declare(declaration.replace('maximum_latency_p99_ms: 500', 'maximum_latency_p99_ms: 0.000001'));
    await bench.register(1, good);
    assert.deepEqual(refusals(await judged(bench, 1)), ['latency_p99_ms']);
  }));
