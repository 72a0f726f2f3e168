import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problemList } from './problem-list.ts';

test('several problems are taken out of the sentence that lists them', () => {
  const problems = [
    { line: 3, column: 1, problem: 'unknown word "steps"' },
    { line: 9, column: 5, problem: 'a command is missing' },
  ];
  const detail = 'ripen.yaml cannot be used: line 3, column 1: unknown word "steps"; line 9, column 5: a command is missing.';
  assert.deepEqual(problemList(detail, { file: 'ripen.yaml', problems }), {
    lead: 'ripen.yaml cannot be used:',
    problems: ['line 3, column 1: unknown word "steps"', 'line 9, column 5: a command is missing'],
  });
  assert.deepEqual(
    problemList('Wrong: a: b; c.', {
      problems: [
        { path: 'a', problem: 'b' },
        { path: '', problem: 'c' },
      ],
    })?.problems,
    ['a: b', 'c'],
  );
});

test('one problem, or a list of something else, leaves the sentence whole', () => {
  assert.equal(problemList('Wrong: a.', { problems: ['a'] }), undefined);
  assert.equal(problemList('Wrong.', { problems: [1, 2] }), undefined);
  assert.equal(problemList('Wrong.', undefined), undefined);
});
