import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { launch } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { mlflow3 } from './clients.ts';

/** Pages and files of MLflow's own interface, and an address that lacks a slash by a slip of its declaration; the right one is served. */
const left = /^\/($|static-files|build)|2\.0mlflow\//;

test('every endpoint of MLflow’s own server is served, or said not to be', { skip: mlflow3.skip }, async (t) => {
  const program = join(import.meta.dirname, 'python/endpoints.py');
  const { stdout } = await promisify(execFile)(mlflow3.python ?? '', [program], { cwd: temporaryFolder(), timeout: 120_000 });
  // Written by endpoints.py in this very shape.
  const endpoints = JSON.parse(/^@@(.*)$/m.exec(stdout)?.[1] ?? '[]') as [method: string, path: string][];
  assert.ok(endpoints.length > 300, `MLflow told of ${endpoints.length} endpoints`);
  const ripen = await launch({ home: temporaryFolder() });
  t.after(() => ripen.stop());
  const unknown: string[] = [];
  for (const [method, path] of endpoints.filter(([, each]) => !left.test(each))) {
    // An empty message is refused by most; what matters is that somebody is there to refuse it.
    const body = method === 'GET' ? {} : { body: '{}', headers: { 'content-type': 'application/json' } };
    const response = await fetch(ripen.address + path.replaceAll(/\{\w+\}/g, 'x'), { method, ...body });
    const text = await response.text();
    if (response.status === 405 || (response.status === 404 && !text.includes('RESOURCE_DOES_NOT_EXIST')))
      unknown.push(`${method} ${path}`);
  }
  assert.deepEqual(unknown, []);
});
