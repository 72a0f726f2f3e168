import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { notServed, notServedRoutes } from './not-served.ts';
import { testMlflow } from './testing.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/mlflow.md'), 'utf8');

test('what is not served answers 501 with a reason, so that clients neither wait nor try again', async () => {
  const api = testMlflow(notServedRoutes());
  const { status, body } = await api.call('POST', '/api/3.0/mlflow/gateway/secrets/create', {});
  assert.equal(status, 501);
  assert.equal(body.error_code, 'NOT_IMPLEMENTED');
  assert.match(body.message, /AI gateway/);
});

test('the documentation lists every endpoint that is not served', () => {
  const listed = new Set(page.match(/`(?:get|post|put|patch|delete) [^`\s]+`/g)?.map((each) => each.slice(1, -1)));
  assert.deepEqual(
    notServed.flatMap(({ endpoints }) => endpoints).filter((each) => !listed.has(each)),
    [],
  );
});
