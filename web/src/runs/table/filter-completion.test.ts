import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askedValues, complete, completionsFor, placeAt } from './filter-completion.ts';

const fields = {
  metrics: ['auc', 'val/loss', 'top 5'],
  parameters: ['learning_rate', 'depth'],
  tags: ['team'],
  attributes: ['name', 'state', 'startedAt', 'experiment'],
};

/** The caret stands at the bar. */
function at(marked: string) {
  const caret = marked.indexOf('|');
  const text = marked.replace('|', '');
  return { text, place: placeAt(text, caret) };
}

const labels = (marked: string, values: readonly string[] = []) =>
  completionsFor(at(marked).place, fields, values).map(({ label }) => label);

test('what may stand at the caret follows from what stands before it', () => {
  const kinds: Readonly<Record<string, string>> = {
    '|': 'field',
    'met|': 'field',
    'metrics.auc |': 'operator',
    'metrics.auc >|': 'value',
    'metrics.auc > 0.5 |': 'joiner',
    'metrics.auc > 0.5 an|': 'joiner',
    'metrics.auc > 0.5 and |': 'field',
    'not (params.depth |': 'operator',
    "params.x = '|": 'value',
    "params.x = 'a b|": 'value',
    "params.x = 'a' |": 'joiner',
    "state in ('a', |": 'value',
    "state in ('a') |": 'joiner',
    'metrics.a between 1 |': 'value',
    'metrics.a between 1 and |': 'value',
    'metrics.a between 1 and 2 |': 'joiner',
    'params.x not |': 'operator',
    'params.x is |': 'value',
    'params.x is null |': 'joiner',
    'params.x is not null |': 'joiner',
    'metrics."top 5|': 'field',
    "(state = 'x') or |": 'field',
  };
  for (const [marked, kind] of Object.entries(kinds)) assert.equal(at(marked).place.kind, kind, marked);
});

test('names are found by their beginning and by any part, and quoted where they need it', () => {
  assert.deepEqual(labels('metrics.|'), ['metrics.auc', 'metrics.val/loss', 'metrics.top 5']);
  assert.deepEqual(labels('loss|'), ['metrics.val/loss']);
  assert.equal(labels('st|')[0], 'state');
  const { text, place } = at('metrics.to| and x');
  const [choice] = completionsFor(place, fields, []);
  assert.ok(choice);
  assert.deepEqual(complete(text, place, choice), { text: 'metrics."top 5" and x', caret: 16 });
});

test('operators fit the field, and values are asked for where there can be some', () => {
  assert.ok(labels('metrics.auc |').includes('>='));
  assert.ok(!labels('metrics.auc |').includes('like'));
  assert.ok(labels('params.depth |').includes('like'));
  assert.equal(askedValues(at("params.depth = '|").place), 'params.depth');
  assert.equal(askedValues(at('metrics.auc > |').place), undefined);
  assert.equal(askedValues(at('tags."my tag" = \'|').place), 'tags."my tag"');
  assert.deepEqual(labels("params.x = 'i|", ["it's", 'other']), ["it's"]);
  const { text, place } = at("params.x = 'it|");
  const [choice] = completionsFor(place, fields, ["it's"]);
  assert.ok(choice);
  assert.equal(complete(text, place, choice).text, "params.x = 'it''s' ");
});
