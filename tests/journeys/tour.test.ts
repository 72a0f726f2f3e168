import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DatasetWire, ProfileWire, QuarantineWire, SnapshotWire } from '../../src/data/index.ts';
import type { ReleaseStoryWire, ReleaseWire } from '../../src/delivery/index.ts';
import type { EventWire, VerificationWire } from '../../src/governance/index.ts';
import type { AssessmentWire } from '../../src/maturity/index.ts';
import type { AlertWire, MonitorWire, WindowWire } from '../../src/monitoring/index.ts';
import type { ExplanationWire, PipelineRunDetailWire, PipelineRunWire } from '../../src/pipelines/index.ts';
import type { ModelVersionWire } from '../../src/registry/index.ts';
import type { DeploymentWire } from '../../src/serving/index.ts';
import type { RunWire } from '../../src/tracking/index.ts';
import { eventually } from '../testing/eventually.ts';
import { instanceProcesses } from '../testing/instance-processes.ts';
import { launch, type Ripen, ripen, ripenJson } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// One tour, as a newcomer sees it; every test below asks the server that it left running, and none changes what the others see.

const home = temporaryFolder();
const tourLimitMs = 15 * 60_000;
const base = '/api/v1/projects/flights';
let server: Ripen;

before(
  async () => {
    const started = performance.now();
    server = await launch({ home, args: ['up', '--tour'] });
    await server.line(/\ntour finished\n|^error /m, tourLimitMs);
    process.stdout.write(`the tour took ${Math.round((performance.now() - started) / 1000)} s\n`);
  },
  { timeout: tourLimitMs + 120_000 },
);
after(async () => {
  await server.stop();
});

const items = async <Item>(path: string, query = {}): Promise<readonly Item[]> =>
  (await server.client.get<{ items: Item[] }>(base + path, query)).items;
const runsOfTraining = async (): Promise<readonly PipelineRunWire[]> => items<PipelineRunWire>('/pipeline-runs', { pipeline: 'train' });
const story = async (version: number): Promise<ReleaseStoryWire> => {
  const found = (await items<ReleaseWire>('/releases')).find((release) => release.version === version);
  return server.client.get<ReleaseStoryWire>(`${base}/releases/${found?.id}`);
};

test('the last lines of the tour are "tour finished" and the address', async () => {
  await server.line(/tour finished\nRipen is up at \S+\n$/, 10_000);
  const lines = server.output().trimEnd().split('\n');
  assert.deepEqual(lines.slice(-2), ['tour finished', `Ripen is up at ${server.address}`]);
  assert.doesNotMatch(server.output(), /✖|^error/m);
});

test('six months of flights are six snapshots that keep their contract, and the airports are a dataset of their own', async () => {
  const snapshots = (await items<SnapshotWire>('/datasets/flights/snapshots')).toSorted((a, b) => a.number - b.number);
  assert.deepEqual(
    snapshots.map(({ number, mode, parent }) => [number, mode, parent]),
    [1, 2, 3, 4, 5, 6].map((number) => [number, 'append', number === 1 ? undefined : number - 1]),
  );
  assert.equal(snapshots.at(-1)?.rows, 2_999_991, 'all flights but nine of impossible delay');
  for (const { contract, files, schema } of snapshots) {
    assert.equal(contract?.passed, true);
    assert.ok((contract?.rules.length ?? 0) >= 20 && files.length > 0 && schema.length > 0);
  }
  const profile = await server.client.get<ProfileWire>(`${base}/datasets/flights/snapshots/6/profile`);
  assert.ok(
    profile.columns.every(({ histogram }) => histogram !== undefined),
    JSON.stringify(profile.columns.map(({ name }) => name)),
  );
  const airports = (await items<DatasetWire>('/datasets')).find(({ name }) => name === 'airports');
  assert.deepEqual([airports?.newest?.number, airports?.newest?.rows, airports?.newest?.contract?.passed], [1, 3376, true]);
});

test('the broken file lies in quarantine with its failing rules and sample rows, and no snapshot came of it', async () => {
  const [refused, ...others] = await items<QuarantineWire>('/datasets/flights/quarantine');
  assert.deepEqual([refused?.source.name, others.length], ['broken-may.csv', 0]);
  const broken = refused?.contract?.rules.filter(({ passed }) => !passed) ?? [];
  assert.ok(broken.length >= 5, JSON.stringify(broken));
  assert.ok(broken.every(({ explanation }) => explanation.length > 10));
  const rules = new Set(refused?.failingRows.map(({ rule }) => rule));
  assert.ok(rules.size >= 3 && refused?.failingRows.every(({ values }) => Object.keys(values).length > 0), JSON.stringify([...rules]));
  const { code, stdout } = await ripen(['data', 'quarantine', 'flights', refused?.id ?? ''], { home });
  assert.equal(code, 0);
  for (const { explanation } of broken) assert.ok(stdout.includes(explanation), `${explanation} is not in\n${stdout}`);
});

test('the pipeline says why each step ran: the worse model reused the prepared data, the retraining did not', async () => {
  const runs = await runsOfTraining();
  const explain = async (run: PipelineRunWire | undefined) =>
    (await ripenJson<{ items: ExplanationWire[] }>(['pipeline', 'explain', run?.id ?? ''], { home })).items;
  const worse = await explain(runs.find(({ parameters }) => parameters['shuffle_labels'] === true));
  assert.deepEqual(
    worse.map(({ step, decision }) => [step, decision]),
    [
      ['prepare', 'reused'],
      ['train', 'ran'],
      ['evaluate', 'ran'],
    ],
  );
  assert.match(worse[1]?.reasons.join('\n') ?? '', /shuffle_labels/);
  assert.ok(worse.every(({ reasons }) => reasons.length > 0));
  const retrained = await explain(runs.find(({ trigger }) => trigger.kind === 'alert'));
  assert.deepEqual(
    retrained.map(({ decision }) => decision),
    ['ran', 'ran', 'ran'],
  );
  assert.match(retrained[0]?.reasons.join('\n') ?? '', /flights/);
});

test('every step has a log, its use of resources, and the tracked run has curves and an evaluation with slices', async () => {
  const [newest] = await runsOfTraining();
  const run = await server.client.get<PipelineRunDetailWire>(`${base}/pipeline-runs/${newest?.id}`);
  for (const step of run.steps) assert.ok(step.hasLog && (step.cpuMs ?? 0) > 0 && (step.peakMemoryBytes ?? 0) > 0, JSON.stringify(step));
  const { stdout } = await ripen(['pipeline', 'logs', run.id, 'train'], { home });
  assert.ok(stdout.length > 20, stdout);
  const tracked = await server.client.get<RunWire>(`${base}/runs/${run.run}`);
  assert.ok(Number(tracked.metrics['auc']) > Number(tracked.metrics['baseline_auc']), JSON.stringify(tracked.metrics));
  assert.ok(Object.keys(tracked.parameters).length >= 5 && tracked.inputs.length >= 2);
  const curves = await server.client.post<{ items?: unknown }>(`${base}/run-curves`, { runs: [tracked.id], metrics: ['loss'] });
  assert.match(JSON.stringify(curves), /"points":\d{2,}/, 'a curve of the loss');
  const { evaluation } = await server.client.get<{ evaluation?: { slices: unknown[]; calibration: unknown[] } }>(
    `${base}/models/flight-delay/versions/${run.registered?.version}/evaluation`,
  );
  assert.ok(evaluation !== undefined && evaluation.slices.length > 10 && evaluation.calibration.length > 3, JSON.stringify(evaluation));
});

test('each version is registered with its signature, run, snapshots, code, environment, files and card', async () => {
  const versions = (await items<ModelVersionWire>('/models/flight-delay/versions')).toSorted((a, b) => a.version - b.version);
  assert.deepEqual(
    versions.map(({ version }) => version),
    [1, 2, 3],
  );
  for (const version of versions) {
    assert.ok(version.signature !== undefined && version.signature.inputs.length === 5 && version.signature.outputs.length === 1);
    assert.ok(version.run !== undefined && version.pipelineRun !== undefined);
    assert.match(version.codeDigest ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.match(version.environmentDigest ?? '', /^sha256:[0-9a-f]{64}$/);
    assert.deepEqual(
      version.snapshots.map(({ dataset }) => dataset),
      ['airports', 'flights'],
    );
    assert.deepEqual(
      version.files.map(({ name }) => name),
      ['card.md', 'evaluation.json', 'evaluation.parquet', 'model.onnx', 'reference.parquet'],
    );
    assert.equal(version.card.filledFields, version.card.requiredFields);
  }
  assert.deepEqual(
    versions.map(({ snapshots }) => snapshots[1]?.snapshot),
    [4, 4, 6],
    'the retraining has newer data',
  );
  assert.ok(versions[2]?.aliases.includes('production'));
});

test('the worse model is refused, with the confidence interval that speaks against it', async () => {
  const refused = await story(2);
  assert.deepEqual([refused.state, refused.deliberate], ['refused', true]);
  const checks = refused.gates.flatMap((gate) => gate.checks).filter(({ outcome }) => outcome === 'refused');
  const named = new Map(checks.map((check) => [check.name, check]));
  for (const name of ['auc_over_baseline', 'auc_over_production']) {
    const { comparison, threshold = 0 } = named.get(name) ?? {};
    assert.ok(comparison !== undefined, name);
    assert.ok(comparison.lower < comparison.gain && comparison.gain < comparison.upper && comparison.rows > 1000);
    assert.ok(comparison.confidence === 0.95 && comparison.lower < threshold);
  }
  assert.ok(
    checks.every(({ missing }) => missing === undefined),
    'refused by what it is, not by what could not be asked',
  );
});

test('the first model went through its gates to staging, was asked there, and then to production', async () => {
  const { state, timeline, gates } = await story(1);
  assert.equal(state, 'released');
  assert.deepEqual(
    timeline.map((entry) => entry.state),
    ['created', 'checking', 'staging', 'smoke-testing', 'awaiting-approval', 'production', 'released'],
  );
  assert.deepEqual(
    gates.map(({ environment, outcome }) => [environment, outcome]),
    [
      ['staging', 'passed'],
      ['production', 'passed'],
    ],
  );
  assert.ok(gates[1]?.checks.some(({ name }) => name === 'smoke_scores'));
});

test('more than 100,000 requests were predicted and labelled, in windows with drift, quality and calibration', async () => {
  const [monitor] = await items<MonitorWire>('/monitoring');
  assert.ok((monitor?.received.predictions ?? 0) >= 100_000, JSON.stringify(monitor?.received));
  assert.deepEqual([monitor?.received.corrupt, monitor?.received.misdated, monitor?.received.damagedFiles], [0, 0, 0]);
  const windows = await items<WindowWire>('/monitoring/flight-delay/windows');
  const may = windows.filter(({ start }) => start >= Date.UTC(2001, 4, 1) && start < Date.UTC(2001, 5, 1));
  assert.equal(may.length, 31, 'a window for each day of May');
  for (const { state, metrics, labelled, predictions } of may) {
    assert.deepEqual([state, labelled], ['complete', predictions]);
    const needed = ['requests', 'latency_p99_ms', 'drift.psi.origin', 'drift.jensen_shannon.hour', 'drift.kolmogorov_smirnov.distance'];
    for (const name of [...needed, 'drift.chi_square.destination', 'score_drift.psi', 'auc', 'calibration_error', 'observed_to_predicted'])
      assert.ok(Number.isFinite(metrics[name]), `${name} is missing in ${JSON.stringify(metrics)}`);
  }
});

test('June broke the alert rule, and the alert started the training with newer data whose model was released', async () => {
  const alert = (await items<AlertWire>('/alerts')).find(({ severity }) => severity === 'critical');
  assert.equal(alert?.rule, 'more-delays-than-predicted');
  assert.ok((alert?.value ?? 0) > (alert?.threshold ?? Infinity));
  assert.ok((alert?.since ?? 0) >= Date.UTC(2001, 5, 1), 'it fired in June');
  const run = (await runsOfTraining()).find(({ trigger }) => trigger.kind === 'alert');
  const cause = (await server.client.get<{ items: EventWire[] }>('/api/v1/events', { after: (run?.trigger.event ?? 1) - 1, limit: 1 }))
    .items[0];
  assert.deepEqual([cause?.number, cause?.type], [run?.trigger.event, 'alert.fired']);
  assert.deepEqual([run?.state, run?.registered?.version], ['succeeded', 3]);
  const released = await story(3);
  assert.deepEqual([released.state, released.cause], ['released', 'retrain']);
});

test('the new version took over as a canary of 5, 25 and 100 percent, each step judged on errors, latency and scores', async () => {
  const deployment = await server.client.get<DeploymentWire>(`${base}/deployments/flight-delay`);
  const production = deployment.environments.find(({ environment }) => environment === 'production');
  const rollout = production?.rollout;
  assert.deepEqual([rollout?.state, rollout?.steps], ['promoted', [5, 25, 100]]);
  for (const weight of [5, 25]) {
    const judged = rollout?.measurements.findLast((measurement) => measurement.weight === weight);
    assert.equal(judged?.verdict, 'passed', JSON.stringify(judged));
    assert.ok((judged?.checks.length ?? 0) >= 3, JSON.stringify(judged?.checks));
  }
  const serving = production?.revisions.find(({ id }) => id === production.serving);
  assert.deepEqual([serving?.modelVersion, serving?.weight], ['3', 100]);
  const answer = await fetch(production?.inferUrl ?? '', {
    method: 'POST',
    body: JSON.stringify(oneFlight),
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(answer.status, 200);
});

const oneFlight = {
  id: 'a-flight',
  inputs: [
    { name: 'origin', shape: [1], datatype: 'BYTES', data: ['SFO'] },
    { name: 'destination', shape: [1], datatype: 'BYTES', data: ['JFK'] },
    { name: 'distance', shape: [1], datatype: 'FP32', data: [2586] },
    { name: 'hour', shape: [1], datatype: 'INT64', data: [17] },
    { name: 'day_of_week', shape: [1], datatype: 'INT64', data: [5] },
  ],
};

test('the assessment tells the stage, and each criterion with its evidence or what is missing', async () => {
  const assessment = await ripenJson<AssessmentWire>(['assess'], { home });
  assert.equal(assessment.criteria.length, 79);
  const met = assessment.criteria.filter(({ state }) => state === 'pass');
  assert.ok(met.length >= 10, `${met.length} criteria are met`);
  for (const { criterion, evidence } of met) assert.ok(evidence.length > 0, `${criterion.id} has no evidence`);
  for (const { criterion, state, evidence } of assessment.criteria)
    if (state === 'no_data' || state === 'not_measurable') assert.deepEqual([criterion.id, evidence], [criterion.id, []]);
  const unmet = assessment.criteria.filter(({ state }) => state === 'fail' || state === 'no_data');
  assert.ok(unmet.every(({ criterion }) => criterion.nextStep.text.length > 10));
  assert.ok(assessment.nextSteps.length > 0, 'there is a next best step');
  assert.equal(assessment.stage === 'none' || assessment.stages.some(({ stage, reached }) => stage === assessment.stage && reached), true);
  const evidence = met[0]?.evidence[0] ?? 1;
  assert.equal((await ripen(['events', 'prove', String(evidence)], { home })).code, 0, 'the evidence can be proved to be in the log');
  const { stdout, code } = await ripen(['assess'], { home });
  assert.equal(code, 0);
  assert.ok(stdout.includes(assessment.stageTitle), stdout);
});

test('the event log verifies and the doctor finds no fault', async () => {
  const verified = await ripenJson<VerificationWire>(['events', 'verify'], { home });
  assert.deepEqual([verified.ok, verified.faults], [true, []]);
  assert.ok(verified.size > 100);
  const doctor = await ripen(['doctor'], { home });
  assert.equal(doctor.code, 0, doctor.stdout + doctor.stderr);
});

test('SIGTERM ends every process within 10 s, and a second start finds everything as it was and serves again', async () => {
  const before = await summary();
  const { code, afterMs } = await server.stop();
  assert.equal(code, 0, server.output());
  assert.ok(afterMs < 10_000, `it took ${Math.round(afterMs)} ms to stop`);
  assert.deepEqual(instanceProcesses(home), []);
  server = await launch({ home, args: ['up', '--tour'] });
  process.stdout.write(`stopped in ${Math.round(afterMs)} ms, healthy again ${Math.round(server.startedInMs)} ms after the start\n`);
  assert.ok(server.startedInMs < 10_000, `${Math.round(server.startedInMs)} ms until it was up`);
  await server.line(/\nRipen is up at \S+\n$/, 30_000);
  assert.doesNotMatch(server.output(), /Predict|Train,|Load/, 'nothing of the tour is done again');
  assert.equal((await fetch(`${server.address}/healthz`)).status, 200);
  assert.equal((await fetch(`${server.address}/readyz`)).status, 200);
  assert.deepEqual(await summary(), before);
  await eventually('the model answers again', async () => {
    const { environments } = await server.client.get<DeploymentWire>(`${base}/deployments/flight-delay`);
    const url = environments.find(({ environment }) => environment === 'production')?.inferUrl;
    const answer = await fetch(url ?? '', { method: 'POST', body: JSON.stringify({ ...oneFlight, id: 'after-the-start' }) });
    return answer.status === 200 || undefined;
  });
  assert.equal((await ripenJson<VerificationWire>(['events', 'verify'], { home })).ok, true);
});

/** What must be the same before and after: not the number of events, since a start and a stop are told too. */
async function summary(): Promise<unknown> {
  const { environments } = await server.client.get<DeploymentWire>(`${base}/deployments/flight-delay`);
  return {
    datasets: await items('/datasets'),
    snapshots: await items('/datasets/flights/snapshots'),
    runs: await items('/runs'),
    pipelineRuns: await items('/pipeline-runs'),
    versions: await items('/models/flight-delay/versions'),
    releases: await items('/releases'),
    alerts: await items('/alerts'),
    serving: environments.map(({ environment, serving }) => [environment, serving]),
  };
}
