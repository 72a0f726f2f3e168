import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testTracking, type TrackingSetting } from '../../testing.ts';
import { MlflowError } from '../protocol/mlflow-error.ts';
import { runCondition } from './run-condition.ts';
import { runOrders } from './run-orders.ts';

interface Given {
  readonly name: string;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly tags?: Readonly<Record<string, string>>;
}

const orchard: readonly Given[] = [
  {
    name: 'apple',
    metrics: { auc: 0.7, loss: Number.NaN },
    parameters: { epochs: '4', opt: 'adam' },
    tags: { team: 'Delay', 'a.b c': 'x' },
  },
  { name: 'banana', metrics: { auc: 0.65, loss: 0.2 }, parameters: { epochs: '10', opt: 'sgd' }, tags: { team: 'delay' } },
  { name: 'Cherry', metrics: { auc: 0.5, loss: Infinity }, parameters: { epochs: '4', opt: 'Adam_W' } },
  { name: 'date', metrics: { auc: 0.7 }, parameters: { epochs: 'four' } },
];

async function plant({ tracking, start, clock }: TrackingSetting): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { name, metrics = {}, parameters, tags } of orchard) {
    const run = await start(name);
    ids.set(name.charAt(0), run.id);
    clock.advance(1000);
    await tracking.log(run.id, { parameters, tags, metrics: Object.entries(metrics).map(([metric, value]) => ({ name: metric, value })) });
  }
  return ids;
}

function finder({ tracking }: TrackingSetting, limit = 100) {
  return async (filter: string, orderBy: readonly string[] = ['start_time']) => {
    const query = { project: 'flights', filter: runCondition(filter), order: runOrders(orderBy), limit };
    let letters = '';
    let after: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof tracking.findRuns>> = await tracking.findRuns({ ...query, after });
      letters += page.items.map(({ name }) => name.charAt(0)).join('');
      after = page.next;
    } while (after !== undefined);
    return letters;
  };
}

testTracking("MLflow's filters of runs find what MLflow finds", async (setting) => {
  const ids = await plant(setting);
  const { tracking, clock } = setting;
  const context = { actor: { kind: 'system', id: 'system', name: 'Ripen' }, project: 'flights' } as const;
  await tracking.finishRun(context, ids.get('a') ?? '', { outcome: 'finished', finishedAt: clock.now() });
  await tracking.finishRun(context, ids.get('b') ?? '', { outcome: 'failed' });
  await tracking.addInputs(ids.get('C') ?? '', [{ dataset: 'iris', digest: 'd1', context: 'training' }]);
  const find = finder(setting);
  const cases: Readonly<Record<string, string>> = {
    '': 'abCd',
    'metrics.auc > 0.6': 'abd',
    'metric.auc = 0.7 AND metrics.loss = 0.2': '',
    'metrics.loss != 5': 'abC',
    'metrics.missing != 5': '',
    'metrics.`auc` <= 0.65 and params."epochs" = \'4\'': 'C',
    "params.epochs = '4'": 'aC',
    "parameter.epochs != '4'": 'bd',
    "param.nothing != '4'": '',
    "params.opt LIKE 'ad%'": 'a',
    "params.opt ILIKE 'AD%'": 'aC',
    "params.opt LIKE 'Adam__'": 'C',
    'params.opt IS NULL': 'd',
    'parameters.opt is not null': 'abC',
    "tags.team = 'delay'": 'b',
    "tag.`a.b c` = 'x'": 'a',
    'tags.team IS NULL': 'Cd',
    "attributes.status = 'FINISHED'": 'a',
    "status = 'finished'": '',
    "status != 'FINISHED'": 'bCd',
    "attr.status LIKE 'F%'": 'ab',
    "run.status ilike 'runn%'": 'Cd',
    "status IN ('FAILED', 'RUNNING')": 'bCd',
    "run_name = 'apple'": 'a',
    "`Run name` LIKE 'C%'": 'C',
    'attributes."Run Name" ILIKE \'c%\'': 'C',
    "run name != 'date'": 'abC',
    [`run_id = '${ids.get('b')}'`]: 'b',
    [`attributes.run_id IN ('${ids.get('b')}', '${ids.get('d')}', 'x')`]: 'bd',
    [`run_id NOT IN ('${ids.get('b')}')`]: 'aCd',
    "user_id LIKE '%'": 'abCd',
    'start_time > 0 and Created < 1e15': 'abCd',
    'end_time > 0': 'ab',
    "datasets.name = 'iris'": 'C',
    "dataset.context IN ('training', 'eval') and datasets.digest LIKE 'd_'": 'C',
    [`artifact_uri LIKE '%/${ids.get('d')}/artifacts'`]: 'd',
    "params.epochs = '4' OR NOT (metrics.auc > 0.6)": 'aC',
    "tags.team = '''; drop table runs; --'": '',
  };
  for (const [filter, expected] of Object.entries(cases)) assert.equal(await find(filter), expected, filter);
  const uri = (await tracking.findRuns({ project: 'flights', filter: runCondition("run_name = 'date'"), limit: 1 })).items[0];
  assert.equal(await find(`artifact_uri = 'mlflow-artifacts:/${uri?.experimentSequence}/${uri?.id}/artifacts'`), 'd');
});

testTracking('several order_by terms: numbers, then NaN, then what is missing; the newest first among equals', async (setting) => {
  await plant(setting);
  const cases: readonly [string[], string][] = [
    [[], 'dCba'],
    [['metrics.auc DESC'], 'dabC'],
    [['metrics.auc'], 'Cbda'],
    [['metrics.auc', 'start_time ASC'], 'Cbad'],
    [['metrics.loss ASC'], 'bCad'],
    [['metrics.loss DESC'], 'Cbad'],
    [['params.epochs'], 'bCad'],
    [['params.epochs DESC', 'run_name DESC'], 'daCb'],
    [['params.opt', 'metrics.auc'], 'Cabd'],
    [['tags.team ASC', 'attributes.run_name ASC'], 'abCd'],
    [['attribute.end_time DESC', 'metric.auc', 'params.epochs'], 'Cbad'],
    [['status', 'Created DESC'], 'dCba'],
    [['metrics.missing DESC'], 'dCba'],
  ];
  for (const limit of [1, 3, 100]) {
    const find = finder(setting, limit);
    for (const [orderBy, expected] of cases) assert.equal(await find('', orderBy), expected, `${orderBy.join()} by ${limit}`);
  }
});

test('fields, operators and values that do not fit are refused as MLflow does', () => {
  const refusals: Readonly<Record<string, RegExp>> = {
    "metrics.auc > '0.5'": /^Expected numeric value type for metric. Found '0.5'/,
    "metrics.auc LIKE '5'": /^Invalid comparator 'LIKE'/,
    'metrics.auc IS NULL': /^IS NULL \/ IS NOT NULL is only supported for tags and params/,
    'params.x = 5': /^Expected a quoted string value for params.x \(e.g. 'my-value'\). Got value 5/,
    "params.x > '5'": /^Invalid comparator '>'/,
    'params.x = y': /^Parameter value is either not quoted/,
    "start_time > '5'": /^Expected numeric value type for numeric attribute: start_time. Found '5'/,
    "attributes.wrong = 'x'": /^Invalid attribute key 'wrong' specified. Valid keys are/,
    "pets.x = 'y'": /^Invalid entity type 'pets'. Valid values are/,
    "datasets.size = 'y'": /^Invalid dataset key 'size' specified/,
    'run_id IN (1)': /^Expected a quoted string value/,
    "metrics.auc > 0.5 name = 'x'": /^Invalid clause\(s\) in filter string/,
  };
  for (const [filter, message] of Object.entries(refusals))
    assert.throws(
      () => runCondition(filter),
      (error) => error instanceof MlflowError && message.test(error.message),
      filter,
    );
  for (const orderBy of [
    ['acc'],
    ['metrics.a', 'metric.a DESC'],
    ['Created', 'start_time'],
    ['datasets.name'],
    ['artifact_uri'],
    ['x y z'],
  ])
    assert.throws(() => runOrders(orderBy), MlflowError, orderBy.join());
});
