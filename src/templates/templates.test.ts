import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createIdentity, identityMigrations, type ProjectWire } from '#identity/index.ts';
import { manualClock } from '#kernel/clock.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog, eventMigrations } from '#kernel/events/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { countingIds } from '#kernel/ids.ts';
import { createTemplates } from './index.ts';

const sets = [eventMigrations, identityMigrations];
const ada = { kind: 'person', id: 'ada', name: 'Ada' } as const;

testOnEachDatabase('a project made from a template has its files, its name and a first commit', sets, async (database) => {
  const root = mkdtempSync(join(tmpdir(), 'ripen-templates-'));
  mkdirSync(join(root, 'templates/tiny/steps'), { recursive: true });
  writeFileSync(join(root, 'templates/tiny/template.yaml'), 'name: tiny\nversion: 1.0.0\ntitle: Tiny\ndescription: Smallest\n');
  writeFileSync(join(root, 'templates/tiny/ripen.yaml'), 'project: example\npipelines: {}\n');
  writeFileSync(join(root, 'templates/tiny/steps/a.sh'), 'true\n');
  const clock = manualClock();
  const ids = countingIds();
  const events = createEventLog({ database, clock, ids });
  const identity = createIdentity({ kernel: { clock, ids, events }, auth: 'none' });
  const templates = createTemplates({ identity, directory: join(root, 'templates'), projects: join(root, 'projects') });
  const api = testApi(templates.endpoints, ada);
  try {
    const made = await api.call<ProjectWire>('POST', '/api/v1/templates/tiny/projects', { name: 'pears' }, { status: 201 });
    assert.equal(made.path, join(root, 'projects/pears'));
    assert.match(readFileSync(join(made.path, 'ripen.yaml'), 'utf8'), /^project: pears$/m);
    assert.ok(existsSync(join(made.path, 'steps/a.sh')) && !existsSync(join(made.path, 'template.yaml')));
    assert.equal(execFileSync('git', ['-C', made.path, 'status', '--porcelain'], { encoding: 'utf8' }), '');
    assert.ok((await events.find({ types: ['template.instantiated'] })).length === 1);
    await api.call('POST', '/api/v1/templates/tiny/projects', { name: 'pears' }, { status: 409 });
    await api.call('POST', '/api/v1/templates/tiny/projects', { name: 'other', path: made.path }, { status: 409 });
    await api.call('POST', '/api/v1/templates/tny/projects', { name: 'other' }, { status: 404 });
  } finally {
    rmSync(root, { recursive: true });
  }
});
