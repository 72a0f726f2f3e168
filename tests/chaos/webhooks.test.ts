import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import type { ListedWebhookWire } from '../../src/registry/index.ts';
import { openReceiver } from '../../src/registry/webhooks/testing.ts';
import { eventually } from '../testing/eventually.ts';
import { launch } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// kill -9 while webhooks are told: what was answered with yes reaches the receiver, in order, though some of it twice.

const rounds = 4;
const perRound = 25;
const base = '/api/v1/projects/shop';

test('no kill of the server loses a delivery, or changes the order', { timeout: 300_000 }, async () => {
  const home = temporaryFolder();
  const environment = { RIPEN_WEBHOOKS_SCHEMES: 'http', RIPEN_WEBHOOKS_PRIVATE_ADDRESSES: 'true' };
  // One process less between us and the server: the kill must hit the server itself.
  const start = () => launch({ home, environment, node: process.execPath });
  const receiver = await openReceiver();
  const acknowledged: string[] = [];
  let server = await start();
  try {
    await server.client.post('/api/v1/projects', { name: 'shop' });
    await server.client.post(`${base}/webhooks`, {
      name: 'all',
      url: receiver.address,
      events: ['registered_model.created'],
      secret: 'hush',
    });
    // Slow enough that kills find requests on their way, answered and not yet written down.
    receiver.answer((response) => void pause(15).then(() => response.end()));
    for (let round = 0; round < rounds; round++) {
      const killed = pause(150 + round * 70).then(() => server.kill());
      for (let count = 0; count < perRound; count++) {
        const name = `pear-${round}-${count}`;
        try {
          await server.client.post(`${base}/models`, { name });
          acknowledged.push(name);
        } catch {
          // Killed: nobody said yes.
          break;
        }
      }
      await killed;
      server = await start();
    }
    await eventually('everything is delivered', async () => {
      const { items } = await server.client.get<{ items: ListedWebhookWire[] }>(`${base}/webhooks`);
      return items[0]?.deliveries.pending === 0 ? true : undefined;
    });
    const told = receiver.received.map(({ headers, body }) => ({
      id: String(headers['x-mlflow-delivery-id']),
      name: (JSON.parse(body) as { data: { name: string } }).data.name,
    }));
    const seen = new Set<string>();
    // By its first arrival; a delivery that arrives again keeps its id.
    const first = told.flatMap(({ id, name }) => (seen.has(id) ? [] : (seen.add(id), [name])));
    const wanted = new Set(acknowledged);
    assert.ok(acknowledged.length > rounds, `only ${acknowledged.length} changes were acknowledged`);
    assert.deepEqual(
      first.filter((name) => wanted.has(name)),
      acknowledged,
    );
    // Beyond them at most the one change of each kill that was made and never answered.
    assert.ok(first.length - acknowledged.length <= rounds);
    assert.equal(new Set(first).size, first.length);
    process.stdout.write(
      `${acknowledged.length} changes acknowledged over ${rounds} kills, ${told.length} requests for ${first.length} deliveries\n`,
    );
  } finally {
    await server.stop();
    await receiver.close();
  }
});
