import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillCard, measureCard } from './card.ts';

const whole = `# Model card
## Model details
Answers whether a flight is late.
## Intended use
- To order flights by risk.
### Not for
Safety.
## 3. **Training data**:
| a | b |
| --- | --- |
| snapshots of | flights@4 |
## Evaluation
AUC is 0.66 here
## Limitations
Six months of one year.
## Ethical considerations
Rows describe flights, not people.
`;

test('a card whose sections all say something is full, whatever the usual heading is', () => {
  const measure = measureCard(whole);
  assert.deepEqual([measure.filledFields, measure.requiredFields], [6, 6]);
});

test('placeholders, comments, empty tables and single words do not count', () => {
  for (const body of [
    '[More Information Needed]',
    'TODO: write this',
    '<!-- say what it is for -->',
    '| a | b |\n| --- | --- |'.replaceAll(/[ab]/g, ' '),
    'tbd',
    '',
    '{{owner}}',
    '...',
  ]) {
    const measure = measureCard(whole.replace('Six months of one year.', body));
    assert.equal(measure.filledFields, 5, body);
    assert.equal(measure.sections.find((section) => section.name === 'Limits')?.problem, 'it says nothing yet');
  }
});

test('a missing section is told, and headings in code are none', () => {
  const measure = measureCard('# Card\n```\n## Limits\nsome words that are code\n```\n');
  assert.deepEqual(
    measure.sections.map((section) => section.problem),
    Array.from({ length: 6 }, () => 'there is no such section'),
  );
  assert.equal(measureCard('').filledFields, 0);
});

test('known facts take the place of their names, unknown ones stay', () => {
  assert.equal(
    fillCard('v{{model.version}} {{ run }} {{other}} {{constructor}}', { 'model.version': '3', run: undefined }),
    'v3 {{ run }} {{other}} {{constructor}}',
  );
});

test('a long text of openings without ends is measured at once', () => {
  const started = performance.now();
  for (const part of ['<!--', '{{', '# ', '#', ' ', '<your', '|', '```\n', '<!-- x -->'])
    measureCard(`## Limits\n${part.repeat(500_000 / part.length)}`);
  assert.ok(performance.now() - started < 5000);
});
