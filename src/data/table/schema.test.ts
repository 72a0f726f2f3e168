import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeChange, diffSchemas, mergeSchemas, schemaDigest } from './schema.ts';

test('a schema digest depends on names, types and order alone', () => {
  const schema = [
    { name: 'a', type: 'BIGINT' },
    { name: 'b', type: 'VARCHAR' },
  ];
  assert.equal(schemaDigest(schema), schemaDigest(structuredClone(schema)));
  assert.notEqual(schemaDigest(schema), schemaDigest(schema.toReversed()));
  assert.notEqual(schemaDigest(schema), schemaDigest([{ name: 'a', type: 'INTEGER' }, ...schema.slice(1)]));
});

test('removed and narrowed columns break readers, added and widened ones do not', () => {
  const from = ['gone BIGINT', 'wider INTEGER', 'narrower BIGINT', 'other VARCHAR', 'same DATE', 'unsigned UBIGINT', 'day DATE'];
  const to = ['same DATE', 'wider BIGINT', 'narrower INTEGER', 'other BIGINT', 'new DOUBLE', 'unsigned HUGEINT', 'day TIMESTAMP'];
  const parse = (columns: string[]) => columns.map((column) => ({ name: column.split(' ')[0] ?? '', type: column.split(' ')[1] ?? '' }));
  assert.deepEqual(
    diffSchemas(parse(from), parse(to)).map((change) => [describeChange(change), change.breaking]),
    [
      ['column "gone" (BIGINT) is missing', true],
      ['column "wider" was INTEGER and is now BIGINT', false],
      ['column "narrower" was BIGINT and is now INTEGER', true],
      ['column "other" was VARCHAR and is now BIGINT', true],
      ['column "unsigned" was UBIGINT and is now HUGEINT', false],
      ['column "day" was DATE and is now TIMESTAMP', false],
      ['column "new" (DOUBLE) is new', false],
    ],
  );
  assert.deepEqual(diffSchemas(parse(['a INTEGER']), parse(['a INTEGER'])), []);
  assert.equal(diffSchemas(parse(['a UBIGINT']), parse(['a BIGINT']))[0]?.breaking, true);
  assert.equal(diffSchemas(parse(['a INTEGER']), parse(['a UBIGINT']))[0]?.breaking, true);
  assert.equal(diffSchemas(parse(['a INTEGER']), parse(['a DOUBLE']))[0]?.breaking, false);
  assert.equal(diffSchemas(parse(['a BIGINT']), parse(['a DOUBLE']))[0]?.breaking, true);
});

test('rows of two schemas are read together with the wider types, unless a column is missing or of another kind', () => {
  const from = [
    { name: 'a', type: 'BIGINT' },
    { name: 'b', type: 'INTEGER' },
  ];
  const narrowed = [
    { name: 'b', type: 'BIGINT' },
    { name: 'c', type: 'DATE' },
    { name: 'a', type: 'INTEGER' },
  ];
  assert.deepEqual(mergeSchemas(from, narrowed), {
    schema: [
      { name: 'a', type: 'BIGINT' },
      { name: 'b', type: 'BIGINT' },
      { name: 'c', type: 'DATE' },
    ],
    conflicts: [],
  });
  assert.deepEqual(
    mergeSchemas(from, [{ name: 'a', type: 'VARCHAR' }]).conflicts.map((change) => [change.kind, change.column]),
    [
      ['type-changed', 'a'],
      ['removed', 'b'],
    ],
  );
});
