import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalogue } from './criteria/catalogue.ts';
import { evaluateCriterion } from './evaluate-criterion.ts';
import type { CriterionState } from './model.ts';
import * as events from './testing.ts';
import { ada, ben, day, type Draft, minute, monitorWindow, say, system } from './testing.ts';

const { deployed, gate, registered, released, runFinished, runStarted, snapshot, trained } = events;

const member = (person: string, persona: string): Draft => say('member.added', { member: person, personas: [persona] });
const acts = (actor: Draft['actor'], times = 3): Draft[] =>
  Array.from({ length: times }, () => say('data.read', {}, { actor: actor ?? ada }));
const pipelineRun = (kind: string, id = kind): Draft =>
  say('pipeline.run.started', { pipelineRun: id, pipeline: 'train', trigger: { kind } });
const pipelineEnd = (outcome: string): Draft => say('pipeline.run.finished', { pipelineRun: 'p', pipeline: 'train', outcome });
const times = (count: number, make: (index: number) => Draft): Draft[] => Array.from({ length: count }, (_, index) => make(index));
const dataset = (over = {}): Draft =>
  say('dataset.created', { dataset: 'flights', owner: 'ada', classification: 'public', retention: '2 years', ...over });
const rollback = (over = {}): Draft =>
  say('service.rolled-back', {
    deployment: 'delay',
    environment: 'production',
    fromRevision: 1,
    toRevision: 0,
    reason: 'drill',
    automatic: false,
    durationMs: 2000,
    ...over,
  });
const monitors = (list: string[]): Draft => say('monitor.created', { deployment: 'delay', monitors: list });
const all = ['service', 'data', 'quality'];
const alert = say('alert.fired', { alert: 'a1', rule: 'auc', deployment: 'delay', severity: 'critical' });
const retrained = (version: number): Draft => say('retraining.triggered', { pipelineRun: `p-r${version}`, pipeline: 'train', event: 1 });
const project = (name: string, over = {}, actor: Draft['actor'] = ada): Draft =>
  say('project.created', { name, ...over }, { project: name, actor: actor ?? ada });
const inProduction = (name: string): Draft => deployed(1, 'production', {}, { project: name });
const second = (over = {}): Draft => deployed(2, 'production', { deployment: 'other', release: 'rel-other', ...over });
const audit = (ok: boolean, after = minute): Draft => say('audit.verified', { size: 1, root: '', ok }, { project: undefined, after });
const twoPeople = [member('ada', 'data-scientist'), member('ben', 'business'), ...acts(ada), ...acts(ben)];

/** For each measured criterion: events that give no data, that meet it in part or not at all, and that meet it. */
const cases: Record<string, { none?: Draft[]; notMet: [CriterionState, Draft[]][]; met?: Draft[] }> = {
  'I-COL-1': {
    notMet: [
      ['partial', [member('ada', 'data-scientist'), ...acts(ada)]],
      [
        'partial',
        [member('ada', 'data-scientist'), say('member.added', { member: 'ada', personas: ['data-scientist', 'business'] }), ...acts(ada)],
      ],
      ['partial', [member('ada', 'data-scientist'), member('ben', 'business'), ...acts(ada), ...acts(ben, 2)]],
      ['fail', acts(ada)],
    ],
    met: twoPeople,
  },
  'I-COL-2': {
    notMet: [
      ['fail', acts(ada)],
      ['not_measurable', twoPeople],
    ],
  },
  'I-COL-3': {
    notMet: [
      ['fail', acts(ada)],
      ['not_measurable', twoPeople],
    ],
  },
  'S2-STD-2': {
    notMet: [
      ['fail', acts(ada)],
      ['not_measurable', twoPeople],
    ],
  },
  'I-INF-1': {
    notMet: [['partial', [runStarted('a'), ...times(2, () => runStarted('b', { computeTarget: null }))]]],
    met: [runStarted('a')],
  },
  'I-INF-2': { notMet: [['fail', [runFinished('a', { peakMemoryBytes: null })]]], met: [runFinished('a')] },
  'I-TOL-1': {
    none: [runFinished('a', { outcome: 'failed', metrics: 0 })],
    notMet: [
      ['fail', [runFinished('a', { parameters: 0 })]],
      ['fail', [registered(1)]],
    ],
    met: trained(1),
  },
  'I-TOL-2': {
    notMet: [
      ['fail', [registered(1, { digest: 'latest' })]],
      ['partial', [registered(1), registered(2, { files: { a: 'x' } })]],
    ],
    met: [registered(1)],
  },
  'I-TOL-3': { none: [monitorWindow(0, { predictions: 0 })], notMet: [], met: [monitorWindow(0)] },
  'I-TOL-4': {
    notMet: [
      ['fail', [registered(1)]],
      ['fail', trained(1, { snapshots: [] })],
    ],
    met: trained(1),
  },
  'S1-FBK-4': {
    none: [monitorWindow(0, { complete: false })],
    notMet: [
      ['partial', [monitorWindow(0)]],
      ['partial', [monitorWindow(0, { labelled: 10 }), say('labels.received', { count: 9, joined: 9, medianDelayMs: 5 })]],
    ],
    met: [monitorWindow(0, { labelled: 0 }), monitorWindow(0), say('labels.received', { count: 90, joined: 90, medianDelayMs: 5 })],
  },
  'R-VC-1': {
    notMet: [
      ['fail', [runStarted('a', { dirty: true })]],
      ['fail', [runStarted('a', { commit: null })]],
      ['fail', [runStarted('a', { dirty: null })]],
    ],
    met: [runStarted('a')],
  },
  'R-VC-2': { notMet: [['fail', [runStarted('a', { inputs: [] })]]], met: [runStarted('a')] },
  'R-VC-3': { notMet: [['fail', [runStarted('a', { environmentDigest: null })]]], met: [runStarted('a')] },
  'R-AUT-1': {
    notMet: [['partial', [snapshot('a', 1), snapshot('a', 2, { producer: { kind: 'upload', id: 'x' } })]]],
    met: [snapshot('a', 1)],
  },
  'R-AUT-2': {
    notMet: [
      ['fail', times(3, () => pipelineRun('manual'))],
      ['fail', times(3, () => pipelineRun('backfill'))],
      ['partial', [pipelineRun('alert')]],
    ],
    met: [pipelineRun('manual'), pipelineRun('alert'), pipelineRun('new-data')],
  },
  'R-AUT-3': {
    none: [pipelineEnd('cancelled')],
    notMet: [
      ['partial', [pipelineEnd('succeeded')]],
      ['partial', [pipelineEnd('failed'), ...times(5, () => pipelineEnd('succeeded'))]],
    ],
    met: times(5, () => pipelineEnd('succeeded')),
  },
  'R-AUT-4': {
    notMet: [['partial', [pipelineRun('manual', 'p-r1'), ...released(1)]]],
    met: [pipelineRun('alert', 'p-r1'), ...released(1)],
  },
  'R-KNO-1': {
    none: trained(1),
    notMet: [
      ['fail', released(1)],
      ['partial', [...released(1), say('model.card.updated', { model: 'delay', version: 1, filledFields: 8, requiredFields: 10 })]],
    ],
    met: [...released(1), say('model.card.updated', { model: 'delay', version: 1, filledFields: ['a', 'b'], requiredFields: ['a', 'b'] })],
  },
  'S2-DEP-1': { notMet: [['partial', [...released(1), deployed(2, 'production', { release: null, cause: 'config' })]]], met: released(1) },
  'S2-DEP-2': {
    notMet: [['fail', [say('deployment.created', { deployment: 'delay', specComplete: false })]]],
    met: [say('deployment.created', { deployment: 'delay', specComplete: true })],
  },
  'S2-DEP-3': {
    notMet: [
      ['fail', [...trained(1), deployed(1, 'staging')]],
      ['fail', [...trained(1), gate(1, 'staging'), gate(1, 'staging', { gate: 'latency', outcome: 'error' }), deployed(1, 'staging')]],
      ['fail', [...trained(1), deployed(1, 'staging'), gate(1, 'staging')]],
    ],
    met: released(1),
  },
  'S2-DEP-4': {
    notMet: [
      ['fail', released(1)],
      ['fail', [...released(1), rollback({ durationMs: 3_600_000 })]],
      ['fail', [...released(1), rollback({ environment: 'staging' })]],
    ],
    met: [...released(1), rollback()],
  },
  'L-DAT-1': {
    none: [dataset()],
    notMet: [['fail', [dataset(), say('dataset.updated', { dataset: 'flights', owner: 'ada' }), ...trained(1)]]],
    met: [dataset({ owner: null }), { ...dataset(), type: 'dataset.updated' }, ...trained(1)],
  },
  'L-DAT-2': {
    notMet: [
      ['fail', [snapshot('a', 1, { contract: null })]],
      ['partial', [snapshot('a', 1), snapshot('b', 1, { contract: null })]],
      ['partial', [snapshot('a', 1, { contract: { passed: false } })]],
    ],
    met: [snapshot('a', 1), say('dataset.load.quarantined', { dataset: 'a', reason: 'rules', failedRules: ['x'] })],
  },
  'L-DAT-3': {
    notMet: [
      ['fail', [deployed(1, 'production')]],
      ['partial', [...released(1), deployed(2, 'production')]],
    ],
    met: released(1),
  },
  'L-DAT-5': {
    notMet: [
      ['not_measurable', [dataset({ classification: 'personal' })]],
      ['not_measurable', [snapshot('a', 1)]],
      ['not_applicable', [dataset()]],
    ],
  },
  'L-MIC-1': {
    none: released(1),
    notMet: [['fail', [...released(1), second({ release: 'rel1' })]]],
    met: [...released(1), second()],
  },
  'L-MIC-2': {
    notMet: [
      ['fail', [...trained(1, { signature: false }), gate(1, 'production'), deployed(1, 'production')]],
      ['fail', [...trained(1), deployed(1, 'production')]],
    ],
    met: released(1),
  },
  'S4-TPL-2': {
    notMet: [
      ['fail', [project('flights')]],
      ['partial', [project('flights', { template: 'onnx' }), project('b')]],
    ],
    met: [project('flights', { template: 'onnx' })],
  },
  'S4-TPL-4': {
    none: [project('flights')],
    notMet: [
      ['partial', [project('flights'), inProduction('flights')]],
      ['partial', ['a', 'b', 'c'].flatMap((name) => [project(name), inProduction(name)])],
    ],
    met: ['a', 'b', 'c'].flatMap((name) => [project(name, {}, name === 'a' ? ada : ben), inProduction(name)]),
  },
  'E-CIC-1': {
    notMet: [
      ['partial', released(1)],
      ['fail', [...released(1, ben, { digest: events.sha('f') })]],
    ],
    met: released(1, ben, { signatureVerified: true }),
  },
  'E-CIC-2': { notMet: [['fail', [...trained(1), deployed(1, 'production')]]], met: released(1) },
  'E-CIC-3': {
    notMet: [['partial', [...released(1), ...released(2)]]],
    met: [...released(1), ...released(2)].map((draft) =>
      draft.type === 'run.started' ? { ...draft, data: { ...draft.data, commitTime: events.testStart } } : draft,
    ),
  },
  'E-CIC-4': {
    notMet: [
      ['partial', released(1)],
      ['partial', [...released(1), rollback({ toRevision: 9 })]],
      ['partial', [...released(1), ...released(2), ...released(3), rollback()]],
    ],
    met: [...released(1), ...released(2), ...released(3), rollback({ drill: true })],
  },
  'E-CIC-5': {
    notMet: [
      ['fail', [retrained(1), ...trained(1)]],
      ['fail', [retrained(1), ...trained(1), deployed(1, 'production')]],
    ],
    met: [retrained(1), ...released(1)],
  },
  'E-MON-1': {
    notMet: [
      ['fail', released(1)],
      ['fail', [...released(1), monitors(['service'])]],
    ],
    met: [...released(1), monitors(all)],
  },
  'E-MON-2': {
    none: released(1),
    notMet: [
      ['partial', [...released(1), monitorWindow(0), monitorWindow(2)]],
      ['partial', [...released(1), monitorWindow(0), monitorWindow(1, { complete: false })]],
      ['partial', [...released(1), monitorWindow(0), { ...say('data.read', {}), after: 5 * day }]],
    ],
    met: [...released(1), monitorWindow(0), monitorWindow(1)],
  },
  'E-MON-3': {
    notMet: [
      ['fail', [alert]],
      ['fail', [alert, say('alert.acknowledged', { alert: 'a1' }, { actor: system })]],
      ['partial', [alert, say('alert.acknowledged', { alert: 'a1' }, { after: 30 * minute })]],
    ],
    met: [alert, say('alert.acknowledged', { alert: 'a1' }, { after: 15 * minute })],
  },
  'E-MON-5': {
    notMet: [
      ['partial', [...released(1), monitorWindow(0)]],
      ['fail', released(1)],
    ],
    met: [
      say('deployment.created', { deployment: 'delay', specComplete: true, maximumModelAgeDays: 30 }),
      ...released(1),
      monitorWindow(0),
    ],
  },
  'E-GOV-1': {
    notMet: [
      ['fail', [deployed(1, 'staging')]],
      ['fail', [registered(1), deployed(1, 'staging', { digest: events.sha('f') })]],
    ],
    met: [registered(1), deployed(1, 'staging')],
  },
  'E-GOV-2': {
    notMet: [
      ['fail', released(1, ada)],
      ['fail', released(1, system)],
      ['partial', [...released(1), ...released(2, ada)]],
    ],
    met: released(1),
  },
  'E-GOV-3': {
    notMet: [
      ['partial', [audit(true)]],
      ['partial', [audit(true), audit(false)]],
    ],
    met: [audit(true), audit(true, 183 * day)],
  },
  'S3-TST-1': { notMet: [['fail', [...trained(1), gate(1, 'production', { checks: [] }), deployed(1, 'production')]]], met: released(1) },
  'S3-TST-5': {
    notMet: [
      ['fail', released(1)],
      ['partial', [...released(1), gate(1, 'staging', { gate: 'latency', outcome: 'refused' })]],
    ],
    met: [...released(1), gate(2, 'staging', { outcome: 'refused' })],
  },
  'S3-ACC-3': {
    notMet: [
      ['fail', [...trained(1), deployed(1, 'production')]],
      ['fail', [deployed(1, 'staging'), deployed(1, 'production')]],
    ],
    met: released(1),
  },
};

const evaluate = (id: string, drafts: readonly Draft[]) => {
  const rule = catalogue.criteria.find((one) => one.id === id);
  assert.ok(rule, `${id} is in the catalogue`);
  const facts = events.factsOf(drafts);
  const last = events.numbered(drafts).at(-1)?.time ?? events.testStart;
  return evaluateCriterion(rule, facts, last);
};

for (const [id, { none = [], notMet, met }] of Object.entries(cases)) {
  test(`${id}: no data, not met, met`, () => {
    assert.equal(evaluate(id, none).state, 'no_data');
    for (const [state, drafts] of notMet) {
      const result = evaluate(id, drafts);
      assert.equal(result.state, state, result.explanation);
      assert.ok(result.score < 1);
    }
    if (met === undefined) return;
    const result = evaluate(id, met);
    assert.equal(result.state, 'pass', result.explanation);
    assert.equal(result.score, 1);
    assert.ok(result.evidence.length > 0, 'a criterion that is met names its events');
  });
}

test('every measured criterion has a case, and every other says what will prove it', () => {
  const tested = new Set(Object.keys(cases));
  for (const rule of catalogue.criteria) {
    assert.equal(rule.measure !== undefined, tested.has(rule.id), rule.id);
    if (rule.measure === undefined) {
      assert.match(rule.provedBy ?? '', /will prove it/);
      assert.equal(evaluate(rule.id, released(1)).state, 'not_measurable');
    }
  }
});

test('the catalogue has the 79 criteria of the four stages, each once', () => {
  assert.equal(new Set(catalogue.criteria.map((rule) => rule.id)).size, 79);
  const counts = Map.groupBy(catalogue.criteria, (rule) => rule.stage);
  assert.deepEqual(
    [...counts].map(([stage, rules]) => [stage, rules.length]),
    [
      ['initial', 17],
      ['repeatable', 20],
      ['scalable', 18],
      ['reliable', 24],
    ],
  );
});

test('what is older than the window does not count', () => {
  const old = [runStarted('a'), { ...say('data.read', {}), after: 32 * day }];
  assert.equal(evaluate('R-VC-1', old).state, 'no_data');
});

test('the explanation says how many of how many, what it needs and what is missing', () => {
  const result = evaluate('L-DAT-3', [...released(1), deployed(2, 'production', { version: 2 })]);
  assert.equal(result.explanation, '1 of 2 production versions has a complete walk to its source data; needs 95 %.');
  assert.deepEqual(result.missing, ['delay v2']);
});
