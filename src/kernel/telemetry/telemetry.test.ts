import assert from 'node:assert/strict';
import { manualClock } from '../clock.ts';
import { testOnEachDatabase } from '../database/testing.ts';
import { createEventLog, eventMigrations, systemActor } from '../events/index.ts';
import { testApi } from '../http/testing.ts';
import { countingIds } from '../ids.ts';
import { silentLog } from '../log.ts';
import { createMetrics, startTracing, telemetryEndpoints } from './index.ts';

testOnEachDatabase('health, readiness and metrics tell what is there', [eventMigrations], async (database) => {
  const events = createEventLog({ database, clock: manualClock(), ids: countingIds() });
  const metrics = createMetrics({ events, version: '1.2.3' });
  let broken = false;
  const check = async () => {
    if (broken) throw new Error('the disk is gone');
  };
  const api = testApi(telemetryEndpoints({ metrics, checks: [{ name: 'disk', check }], version: '1.2.3' }));
  await events.change({ actor: systemActor }, async (change) =>
    change.emit({ type: 'pear.ripened', source: 'orchard', subject: 'pears', data: {} }),
  );
  metrics.observeRequest({ method: 'GET', path: '/api/v1/pears/{name}', status: 200, durationMs: 3, requestId: '1' });

  assert.deepEqual(await api.call('GET', '/healthz'), { status: 'ok', version: '1.2.3' });
  assert.deepEqual(await api.call('GET', '/readyz'), { ready: true, checks: [{ name: 'disk', ok: true }] });
  broken = true;
  assert.deepEqual(await api.call('GET', '/readyz', undefined, { status: 503 }), {
    ready: false,
    checks: [{ name: 'disk', ok: false, problem: 'the disk is gone' }],
  });
  const text = await (await api.request('/metrics')).text();
  assert.match(text, /^ripen_events 1$/m);
  assert.match(text, /ripen_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/pears\/\{name\}",status="200"\} 1/);
  metrics.registry.clear();
});

testOnEachDatabase('asking for traces without the package is a warning, not the end', [], async () => {
  const stop = await startTracing('http://127.0.0.1:4318', silentLog);
  await stop();
});
