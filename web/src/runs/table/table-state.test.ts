import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  columnChoices,
  columnsText,
  differsFrom,
  moveColumn,
  nextSort,
  orderText,
  sortTerms,
  viewSearch,
  viewTable,
} from './table-state.ts';

test('an order of several terms is read as it was written, commas within quotes included', () => {
  assert.deepEqual(sortTerms('metrics.auc desc, params."a, ""b"" desc" asc,startedAt'), [
    { column: 'metrics.auc', descending: true },
    { column: 'params."a, ""b"" desc"', descending: false },
    { column: 'startedAt', descending: false },
  ]);
  assert.deepEqual(sortTerms(undefined), []);
  assert.deepEqual(sortTerms(' , '), []);
  assert.equal(orderText(sortTerms('a DESC,b')), 'a desc, b asc');
});

test('a click sorts by one column, turns, and ends; with Shift columns gather', () => {
  const click = (order: string, column: string, add = false) => orderText(nextSort(sortTerms(order), column, { add, first: 'desc' }));
  assert.equal(click('', 'a'), 'a desc');
  assert.equal(click('a desc', 'a'), 'a asc');
  assert.equal(click('a asc', 'a'), undefined);
  assert.equal(click('a asc, b desc', 'b'), 'b asc');
  assert.equal(click('a asc', 'b', true), 'a asc, b desc');
  assert.equal(click('a asc, b desc, c asc', 'b', true), 'a asc, b asc, c asc');
  assert.equal(click('a asc, b asc, c asc', 'b', true), 'a asc, c asc');
});

test('columns with any name and width come back from the address', () => {
  const id = fc.string({ minLength: 1, unit: 'grapheme' });
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.record({ id, width: fc.option(fc.integer({ min: 56, max: 900 }), { nil: undefined }) }), {
        selector: (one) => one.id,
      }),
      (choices) => {
        const others = choices.filter((choice) => choice.id !== 'name').map((choice) => ({ ...choice }));
        const all = [{ id: 'name', width: undefined }, ...others];
        assert.deepEqual(columnChoices(columnsText(all)), all);
      },
    ),
  );
  assert.deepEqual(columnChoices('state~20,state,name~x'), [
    { id: 'state', width: 56 },
    { id: 'name', width: undefined },
  ]);
  assert.deepEqual(
    columnChoices('state')?.map((choice) => choice.id),
    ['name', 'state'],
  );
  assert.equal(columnChoices(''), undefined);
});

test('columns are moved within their row', () => {
  const names = (text: string) =>
    columnChoices(text)
      ?.map(({ id }) => id)
      .join('');
  const all = columnChoices('name,b,c') ?? [];
  assert.equal(
    moveColumn(all, 'c', 0)
      .map(({ id }) => id)
      .join(','),
    'c,name,b',
  );
  assert.equal(
    moveColumn(all, 'name', 9)
      .map(({ id }) => id)
      .join(','),
    'b,c,name',
  );
  assert.equal(moveColumn(all, 'none', 0), all);
  assert.equal(names('name'), 'name');
});

test('a view says when the table shows something else', () => {
  const search = { filter: 'metrics.auc > 0', pinned: 'a,b', columns: 'name,state~90', view: 'v', lifecycle: undefined };
  const view = viewTable(search);
  assert.deepEqual(view, { filter: 'metrics.auc > 0', pinned: ['a', 'b'], columns: 'name,state~90' });
  assert.deepEqual(viewSearch('v', view), { filter: 'metrics.auc > 0', pinned: 'a,b', columns: 'name,state~90', view: 'v' });
  assert.equal(differsFrom(view, search), false);
  assert.equal(differsFrom(view, { ...search, filter: undefined }), true);
  assert.equal(differsFrom(view, { ...search, order: 'name asc' }), true);
  assert.equal(differsFrom({}, {}), false);
});
