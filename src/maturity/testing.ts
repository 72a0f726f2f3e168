/** Events for the tests of this module: numbered, one minute apart, all of one project and one person unless said. */
import type { JsonObject, MaturityEvent } from './facts/event.ts';
import { emptyFacts, type Facts, foldEvents } from './facts.ts';

export const ada = { kind: 'person', id: 'ada', name: 'Ada' } as const;
export const ben = { kind: 'person', id: 'ben', name: 'Ben' } as const;
export const system = { kind: 'system', id: 'ripen', name: 'Ripen' } as const;

export const testStart = Date.UTC(2026, 2, 1);
export const minute = 60_000;
export const day = 24 * 60 * minute;

export interface Draft {
  readonly type: string;
  readonly data: JsonObject;
  readonly actor?: MaturityEvent['actor'];
  readonly project?: string | undefined;
  /** Milliseconds after the event before; one minute unless said. */
  readonly after?: number;
}

export function numbered(drafts: readonly Draft[]): readonly MaturityEvent[] {
  let time = testStart;
  return drafts.map((draft, index) => {
    time += draft.after ?? minute;
    const number = index + 1;
    const project = 'project' in draft ? draft.project : 'flights';
    return {
      number,
      id: number.toString(16).padStart(32, '0'),
      type: draft.type,
      time,
      actor: draft.actor ?? ada,
      project,
      data: draft.data,
    };
  });
}

export function factsOf(drafts: readonly Draft[], project = 'flights'): Facts {
  return foldEvents(emptyFacts(project), numbered(drafts));
}

export const sha = (seed: string | number): string =>
  String(seed)
    .replaceAll(/[^0-9a-f]/g, 'a')
    .padStart(64, '0')
    .slice(-64);

/** One event: `say('run.started', { run: 'r1' })`. */
export function say(type: string, data: JsonObject, rest: Omit<Draft, 'type' | 'data'> = {}): Draft {
  return { type, data, ...rest };
}

export const snapshot = (dataset: string, number: number, over: JsonObject = {}): Draft =>
  say('dataset.snapshot.published', {
    dataset,
    snapshot: number,
    digest: sha(`${dataset}${number}`),
    rows: 10,
    schemaDigest: sha('5'),
    contract: { digest: sha('c'), passed: true, rules: 3, failed: 0 },
    producer: { kind: 'pipeline-run', id: 'p1' },
    ...over,
  });

export const runStarted = (run: string, over: JsonObject = {}): Draft =>
  say('run.started', {
    run,
    experiment: 'delay',
    pipelineRun: `p-${run}`,
    commit: 'abc',
    dirty: false,
    codeDigest: sha('c0de'),
    environmentDigest: sha('e'),
    computeTarget: 'local',
    inputs: [{ dataset: 'flights', snapshot: 1, digest: sha('flights1') }],
    ...over,
  });

export const runFinished = (run: string, over: JsonObject = {}): Draft =>
  say('run.finished', { run, outcome: 'finished', metrics: 3, parameters: 4, durationMs: 10, cpuMs: 9, peakMemoryBytes: 8, ...over });

export const registered = (version: number, over: JsonObject = {}): Draft =>
  say('model.version.registered', {
    model: 'delay',
    version,
    run: `r${version}`,
    digest: sha(version),
    files: { 'model.onnx': sha(version) },
    signature: true,
    snapshots: [{ dataset: 'flights', snapshot: 1, digest: sha('flights1') }],
    codeDigest: sha('c0de'),
    environmentDigest: sha('e'),
    trainer: 'ada',
    ...over,
  });

/** A version with the run and the data that it comes from. */
export const trained = (version: number, over: JsonObject = {}): Draft[] => [
  snapshot('flights', 1),
  runStarted(`r${version}`),
  runFinished(`r${version}`),
  registered(version, over),
];

export const gate = (version: number, environment: string, over: JsonObject = {}): Draft =>
  say('gate.evaluated', {
    release: `rel${version}`,
    model: 'delay',
    version,
    environment,
    gate: 'quality',
    outcome: 'passed',
    checks: [
      { name: 'auc_over_baseline', outcome: 'passed', explanation: '' },
      { name: 'latency_p99_ms', outcome: 'passed', explanation: '' },
      { name: 'slice_floors', outcome: 'passed', explanation: '' },
      { name: 'signature_compatible', outcome: 'passed', explanation: '' },
    ],
    ...over,
  });

export const deployed = (version: number, environment: string, over: JsonObject = {}, rest: Omit<Draft, 'type' | 'data'> = {}): Draft =>
  say(
    'service.deployed',
    {
      deployment: 'delay',
      environment,
      model: 'delay',
      version,
      revision: version,
      digest: sha(version),
      release: `rel${version}`,
      cause: 'release',
      ...over,
    },
    rest,
  );

/** A version taken through gates and staging into production, approved by `approver`. */
export const released = (version: number, approver: Draft['actor'] = ben, over: JsonObject = {}): Draft[] => [
  ...trained(version),
  say('release.created', { release: `rel${version}`, model: 'delay', version, reason: 'better' }),
  gate(version, 'staging'),
  deployed(version, 'staging', {}, { actor: system }),
  say('release.approved', { release: `rel${version}` }, { actor: approver ?? ben }),
  gate(version, 'production'),
  deployed(version, 'production', over, { actor: system }),
  say('rollout.started', { rollout: `roll${version}`, deployment: 'delay', environment: 'production', revision: version, steps: [5, 100] }),
  say('rollout.step.judged', {
    rollout: `roll${version}`,
    deployment: 'delay',
    revision: version,
    weight: 5,
    verdict: 'passed',
    checks: [],
  }),
  say('rollout.finished', { rollout: `roll${version}`, deployment: 'delay', revision: version, outcome: 'promoted' }),
  say('release.finished', { release: `rel${version}`, model: 'delay', version, outcome: 'released' }),
];

export const monitorWindow = (index: number, over: JsonObject = {}): Draft =>
  say('monitor.window.evaluated', {
    deployment: 'delay',
    window: { start: index * day, end: (index + 1) * day },
    predictions: 100,
    labelled: 90,
    complete: true,
    metrics: { 'drift.psi.distance': 0.1, error_budget_remaining: 0.5 },
    ...over,
  });
