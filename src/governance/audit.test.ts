import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { manualClock } from '#kernel/clock.ts';
import type { Database } from '#kernel/database/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { createEventLog, eventMigrations, systemActor, verifyInclusion } from '#kernel/events/index.ts';
import { testApi } from '#kernel/http/testing.ts';
import { countingIds } from '#kernel/ids.ts';
import { silentLog } from '#kernel/log.ts';
import { createGovernance, type EventPageWire, type InclusionProofWire, type VerificationWire } from './index.ts';

async function withAudit(database: Database, body: (parts: ReturnType<typeof setUp>) => Promise<void>): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), 'ripen-audit-'));
  try {
    await body(setUp(database, home));
  } finally {
    rmSync(home, { recursive: true });
  }
}

function setUp(database: Database, home: string) {
  const events = createEventLog({ database, clock: manualClock(), ids: countingIds() });
  const governance = createGovernance({ kernel: { events, database, home, log: silentLog } });
  const ripen = (count: number) =>
    events.change({ actor: systemActor, project: 'flights' }, async (change) => {
      for (let index = 0; index < count; index++)
        change.emit({ type: 'pear.ripened', source: 'orchard', subject: 'pears', data: { index } });
    });
  return { events, governance, ripen, api: testApi(governance.endpoints) };
}

testOnEachDatabase('events are paged from the newest, and each can be proved', [eventMigrations], async (database) => {
  await withAudit(database, async ({ api, ripen }) => {
    await ripen(5);
    const first = await api.call<EventPageWire>('GET', '/api/v1/events?limit=2');
    assert.deepEqual([first.items.map(({ number }) => number), first.next, first.size], [[5, 4], 4, 5]);
    const second = await api.call<EventPageWire>('GET', `/api/v1/events?limit=3&before=${first.next}`);
    assert.deepEqual([second.items.map(({ number }) => number), second.next], [[3, 2, 1], undefined]);
    const proof = await api.call<InclusionProofWire>('GET', '/api/v1/events/3/proof');
    assert.ok(verifyInclusion(proof) && proof.root === first.root);
    await api.call('GET', '/api/v1/events/6/proof', undefined, { status: 404 });
  });
});

testOnEachDatabase(
  'a log that was rewritten together with its tree is betrayed by a signed checkpoint',
  [eventMigrations],
  async (database) => {
    await withAudit(database, async ({ api, ripen, governance }) => {
      await ripen(7);
      await governance.stop();
      assert.ok((await api.call<VerificationWire>('POST', '/api/v1/events/verify')).ok);
      for (const table of ['events', 'event_tree', 'event_head'])
        await database.transaction((tx) => sql`delete from ${sql.table(table)}`.execute(tx.query()));
      await ripen(9);
      const verification = await api.call<VerificationWire>('POST', '/api/v1/events/verify');
      assert.equal(verification.ok, false);
      assert.match(verification.faults[0]?.explanation ?? '', /first 7 events are not those/);
    });
  },
);

testOnEachDatabase('the stream goes on after the last event seen', [eventMigrations], async (database) => {
  await withAudit(database, async ({ api, ripen }) => {
    await ripen(3);
    const stop = new AbortController();
    const response = await api.request('/api/v1/events/stream', { headers: { 'last-event-id': '1' }, signal: stop.signal });
    const numbers: string[] = [];
    setTimeout(() => void ripen(1), 20);
    const reader = (response.body ?? assert.fail('no body')).pipeThrough(new TextDecoderStream()).getReader();
    while (numbers.length < 3) {
      const { value = '', done } = await reader.read();
      if (done) break;
      numbers.push(...[...value.matchAll(/^id: (\d+)$/gm)].map(([, number = '']) => number));
    }
    await reader.cancel();
    stop.abort();
    assert.deepEqual(numbers, ['2', '3', '4']);
  });
});
