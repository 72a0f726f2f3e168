import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { GateCheck, GateRules } from '../gates/gate-rules.ts';
import { tinyModel, type TinyModel } from '../testing/tiny-model.ts';
import { judge } from './judge.ts';
import type { GateVerdictReport, GateWork, ModelFile } from './protocol.ts';

const folder = mkdtempSync(join(tmpdir(), 'ripen-judge-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const rules: GateRules = {
  overBaseline: [{ metric: 'auc', minimumGain: 0 }],
  overProduction: [{ metric: 'auc', minimumGain: -0.01 }],
  bootstrap: { resamples: 100, confidence: 0.95, seed: 1 },
};
const facts: GateWork['facts'] = { production: { state: 'version', version: 7, signature: undefined } };
let files = 0;

function model(of: TinyModel): ModelFile {
  const bytes = tinyModel(of);
  const path = join(folder, `${++files}.onnx`);
  writeFileSync(path, bytes);
  return { path, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

type Row = Readonly<Record<string, unknown>>;

const row = (index: number): Row => {
  const x = Math.sin(index * 12.9898) * 3;
  return { x, n: Math.round(x * 10), label: Math.sin(index * 78.233) * 3 < x ? 1 : 0, baseline_score: 0.5, 'slice_größe "x"': index % 3 };
};

function judged(candidate: ModelFile, options: { change?: (row: Row, index: number) => Row; production?: ModelFile; torn?: boolean } = {}) {
  const path = join(folder, `${++files}.jsonl`);
  const { change = (same: Row) => same, production, torn = false } = options;
  const text = Array.from({ length: 500 }, (_, index) => `${JSON.stringify(change(row(index), index))}\n`).join('');
  writeFileSync(path, torn ? text.slice(0, -20) : text);
  return judge({ candidate, production, rows: path, rules, facts });
}

function check({ checks }: GateVerdictReport, name: string): GateCheck {
  const found = checks.find((each) => each.name === name);
  assert.ok(found !== undefined, `no ${name} in ${JSON.stringify(checks)}`);
  return found;
}

test('both models are scored on the same rows, and the figures of the comparison are given', async () => {
  const report = await judged(model({ weight: 2, bias: 0 }), { production: model({ weight: -2, bias: 0 }) });
  const { comparison, outcome } = check(report, 'auc_over_production');
  assert.ok(outcome === 'passed' && comparison !== undefined && comparison.lower <= comparison.gain && comparison.gain <= comparison.upper);
  assert.ok(Math.abs(comparison.candidate + comparison.opponent - 1) < 1e-6, 'one is the mirror of the other');
  assert.equal(check(report, 'auc_over_baseline').comparison?.opponent, 0.5);
  assert.deepEqual([report.measurements.rows, report.smoke?.scores.length, report.smoke?.inputs[0]?.shape], [500, 32, [32]]);
});

test('a version in production that cannot take the rows leaves nothing to compare with', async () => {
  const report = await judged(model({ weight: 2, bias: 0 }), { production: model({ weight: 2, bias: 0, input: 'gone' }) });
  assert.match(check(report, 'production_evaluated').explanation, /no column "gone"/);
  assert.deepEqual([check(report, 'auc_over_production').outcome, check(report, 'auc_over_production').missing], ['refused', true]);
  assert.equal(check(report, 'auc_over_baseline').outcome, 'passed');
});

test('whole numbers are fed as such, and a missing one is refused', async () => {
  const candidate = model({ weight: 0.2, bias: 0, input: 'n', datatype: 'INT64' });
  assert.equal(check(await judged(candidate), 'auc_over_baseline').outcome, 'passed');
  const report = await judged(candidate, { change: (same, index) => (index === 9 ? { ...same, n: null } : same) });
  assert.match(check(report, 'candidate_evaluated').explanation, /no whole number for the input "n"/);
});

test('a missing number is NaN, which the gate refuses and the smoke test leaves out', async () => {
  const report = await judged(model({ weight: 2, bias: 0 }), { change: (same, index) => (index === 0 ? { ...same, x: null } : same) });
  assert.equal(check(report, 'auc_over_baseline').outcome, 'refused');
  assert.ok(report.smoke?.scores.every(Number.isFinite));
});

test('other bytes than those registered, a torn file and a file that is no model are refusals', async () => {
  const good = model({ weight: 2, bias: 0 });
  const changed = await judged({ ...good, digest: `sha256:${'0'.repeat(64)}` });
  assert.match(check(changed, 'candidate_evaluated').explanation, /not those that were registered/);
  const torn = await judged(good, { torn: true });
  assert.equal(check(torn, 'candidate_evaluated').outcome, 'refused');
  const path = join(folder, 'no-model.onnx');
  writeFileSync(path, 'no model');
  const digest = `sha256:${createHash('sha256').update('no model').digest('hex')}`;
  assert.equal(check(await judged({ path, digest }), 'candidate_evaluated').outcome, 'refused');
});
