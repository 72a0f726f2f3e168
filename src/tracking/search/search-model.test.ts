import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Run } from '../model.ts';
import { testTracking } from '../testing.ts';
import type { ComparisonOperator, Condition, FilterValue } from './filter.ts';

/** What the filter language means, run by run, without a database. */
function fits(run: Run, condition: Condition): boolean {
  if (condition.kind === 'and') return condition.of.every((part) => fits(run, part));
  if (condition.kind === 'or') return condition.of.some((part) => fits(run, part));
  if (condition.kind === 'not') return !fits(run, condition.of);
  if (condition.kind === 'address') return false;
  const { field } = condition;
  const value = field.kind === 'metric' ? run.metrics.find(({ name }) => name === field.name)?.value : run.parameters[field.name];
  if (condition.kind === 'missing') return (value === undefined) !== condition.negated;
  if (value === undefined) return false;
  if (condition.kind === 'compare') return compare(value, condition.operator, condition.value);
  return condition.values[condition.negated ? 'every' : 'some']((one) => compare(value, condition.negated ? '!=' : '=', one));
}

function compare(value: string | number, operator: ComparisonOperator, other: FilterValue): boolean {
  if (typeof other === 'string') return operator === '=' ? value === other : value !== other;
  const number = typeof value === 'number' ? value : /^\d/.test(value) ? Number(value) : Number.NaN;
  if (Number.isNaN(other)) return operator === '=' ? Number.isNaN(number) : operator === '!=' && !Number.isNaN(number);
  const tests = {
    '=': number === other,
    '!=': number !== other,
    '<': number < other,
    '<=': number <= other,
    '>': number > other,
    '>=': number >= other,
  };
  return tests[operator as keyof typeof tests];
}

const numbers = [0, 1, 2, -0.5, Number.NaN, Infinity, -Infinity];
const number = fc.constantFrom(...numbers);
const operator = fc.constantFrom<ComparisonOperator>('=', '!=', '<', '<=', '>', '>=');
const metric = fc.record({ kind: fc.constant('metric' as const), name: fc.constantFrom('a', 'b', 'nowhere') });
const parameter = fc.record({ kind: fc.constant('parameter' as const), name: fc.constantFrom('p', 'q') });
const plain = (value: number) => !Number.isNaN(value);
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({ kind: fc.constant('compare' as const), field: metric, operator, value: number }),
  fc.record({ kind: fc.constant('compare' as const), field: parameter, operator, value: number.filter(plain) }),
  fc.record({
    kind: fc.constant('compare' as const),
    field: parameter,
    operator: fc.constantFrom('=' as const, '!=' as const),
    value: fc.constantFrom('1', 'x', ''),
  }),
  fc.record({
    kind: fc.constant('in' as const),
    field: metric,
    values: fc.array(number, { minLength: 1, maxLength: 3 }),
    negated: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('missing' as const), field: fc.oneof(metric, parameter), negated: fc.boolean() }),
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ kind: fc.constant('not' as const), of: tie('condition') }),
  ),
}));

testTracking('the databases find exactly the runs that a filter means', async ({ tracking, start }) => {
  for (let index = 0; index < 24; index++) {
    const run = await start();
    const value = numbers[index % numbers.length] ?? 0;
    await tracking.log(run.id, {
      metrics: [{ name: 'a', value }, ...(index % 3 === 0 ? [{ name: 'b', value: index % 2 }] : [])],
      parameters: { ...(index % 4 === 0 ? {} : { p: index % 5 === 0 ? 'x' : index % 3 }), ...(index % 2 === 0 ? { q: '' } : {}) },
    });
  }
  const { items: all } = await tracking.findRuns({ project: 'flights', limit: 100 });
  await fc.assert(
    fc.asyncProperty(condition, async (filter) => {
      const found = await tracking.findRuns({ project: 'flights', filter, limit: 100 });
      const expected = all.filter((run) => fits(run, filter));
      assert.deepEqual(
        found.items.map(({ name }) => name),
        expected.map(({ name }) => name),
      );
      assert.equal(await tracking.countRuns({ project: 'flights', filter }), expected.length);
    }),
    { numRuns: 80 },
  );
});
