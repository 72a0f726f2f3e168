import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { sql } from 'kysely';
import { setTimeout as pause } from 'node:timers/promises';
import { testMlflow } from '#tracking/testing.ts';
import { context, type RegistrySetting, testRegistry } from '../testing.ts';
import { openReceiver, type Receiver } from './testing.ts';
import type { DeliveryDetailWire, DeliveryWire, ListedWebhookWire, WebhookTestWire, WebhookWire } from './wire.ts';

const base = '/api/v1/projects/flights/webhooks';

interface WebhookSetting extends RegistrySetting {
  readonly receiver: Receiver;
  /** Makes a webhook that is told of the events. */
  readonly hook: (events: readonly string[], more?: Readonly<Record<string, unknown>>) => Promise<WebhookWire>;
  readonly deliveries: (webhook: WebhookWire, query?: string) => Promise<DeliveryWire[]>;
  /** Waits until so many attempts of the oldest delivery are written down. */
  readonly tried: (webhook: WebhookWire, attempts: number) => Promise<DeliveryWire>;
  /** Waits until the deliveries are in these states, oldest first. */
  readonly settled: (webhook: WebhookWire, states: readonly string[]) => Promise<DeliveryWire[]>;
}

function testWebhooks(name: string, body: (setting: WebhookSetting) => Promise<void>): void {
  testRegistry(name, async (setting) => {
    const receiver = await openReceiver();
    const { api } = setting;
    const deliveries = async (webhook: WebhookWire, query = '') =>
      (await api.call<{ items: DeliveryWire[] }>('GET', `${base}/${webhook.id}/deliveries${query}`)).items;
    await setting.jobs.start();
    try {
      await body({
        ...setting,
        receiver,
        deliveries,
        hook: (events, more = {}) => api.call('POST', base, { name: 'hook', url: `${receiver.address}/in`, events, ...more }),
        async tried(webhook, attempts) {
          for (const end = Date.now() + 10_000; ; await pause(10)) {
            const oldest = (await deliveries(webhook)).at(-1);
            if (oldest?.attempts === attempts) return oldest;
            assert.ok(Date.now() < end, `not tried ${attempts} times: ${JSON.stringify(oldest)}`);
          }
        },
        async settled(webhook, states) {
          for (const end = Date.now() + 10_000; ; await pause(10)) {
            const found = (await deliveries(webhook)).toReversed();
            if (found.map(({ state }) => state).join() === states.join()) return found;
            assert.ok(Date.now() < end, `not ${states.join()}: ${JSON.stringify(found)}`);
          }
        },
      });
    } finally {
      await setting.jobs.stop();
      await receiver.close();
    }
  });
}

testWebhooks(
  'a webhook is told of what happens, signed, as MLflow tells it',
  async ({ receiver, hook, settled, registry, register, api }) => {
    const webhook = await hook(
      [
        'registered_model.created',
        'model_version.created',
        'model_version_tag.set',
        'model_version_tag.deleted',
        'model_version_alias.created',
        'model_version_alias.deleted',
      ],
      { secret: 'hush', description: 'to the team' },
    );
    assert.deepEqual([webhook.signed, webhook.status, webhook.description], [true, 'active', 'to the team']);
    assert.ok(!JSON.stringify(await api.call('GET', base)).includes('hush'));
    const version = await register(1);
    const address = { project: 'flights', model: 'delay', version: 1 };
    await registry.editVersion(context, { ...address, tags: { stage: 'gold' } });
    await registry.setAlias(context, { ...address, alias: 'champion' });
    await registry.removeAlias(context, { project: 'flights', model: 'delay', alias: 'champion' });
    await registry.editVersion(context, { ...address, tags: { stage: undefined } });
    await receiver.until(6);
    const bodies = receiver.received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    assert.deepEqual(
      bodies.map(({ entity, action, data }) => [entity, action, data]),
      [
        ['registered_model', 'created', { name: 'delay', tags: {}, description: '' }],
        [
          'model_version',
          'created',
          { name: 'delay', version: '1', source: version.location, run_id: version.run, tags: {}, description: null },
        ],
        ['model_version_tag', 'set', { name: 'delay', version: '1', key: 'stage', value: 'gold' }],
        ['model_version_alias', 'created', { name: 'delay', alias: 'champion', version: '1' }],
        ['model_version_alias', 'deleted', { name: 'delay', alias: 'champion' }],
        ['model_version_tag', 'deleted', { name: 'delay', version: '1', key: 'stage' }],
      ],
    );
    assert.equal(bodies[0]?.['timestamp'], '2026-01-01T00:00:00.000+00:00');
    for (const { headers, body, path } of receiver.received) {
      assert.equal(path, '/in');
      assert.equal(headers['content-type'], 'application/json');
      const { 'x-mlflow-delivery-id': id, 'x-mlflow-timestamp': time } = headers;
      assert.match(String(id), /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
      const expected = createHmac('sha256', 'hush')
        .update(`${String(id)}.${String(time)}.${body}`)
        .digest('base64');
      assert.equal(headers['x-mlflow-signature'], `v1,${expected}`);
    }
    await settled(webhook, Array(6).fill('delivered') as string[]);
  },
);

testWebhooks('prompts have events of their own', async ({ receiver, hook, registry, events }) => {
  const names = 'prompt.created prompt_version.created prompt_tag.set prompt_tag.deleted prompt_version_tag.set prompt_version_tag.deleted';
  await hook([...names.split(' '), 'prompt_alias.created', 'prompt_alias.deleted', 'registered_model.created', 'budget_policy.exceeded']);
  const mlflow = testMlflow(registry.mlflow);
  const call = (method: string, path: string, message: unknown) => mlflow.call(method, `/api/2.0/mlflow/${path}`, message);
  const is = { key: 'mlflow.prompt.is_prompt', value: 'true' };
  await call('POST', 'registered-models/create', { name: 'greet', tags: [is, { key: 'team', value: 'x' }] });
  const text = { key: 'mlflow.prompt.text', value: 'Hello {{name}}' };
  const made = await call('POST', 'model-versions/create', {
    name: 'greet',
    source: 'dummy-source',
    tags: [is, text, { key: 'a', value: 'b' }],
  });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  await call('POST', 'registered-models/set-tag', { name: 'greet', key: 'k', value: 'v' });
  await call('DELETE', 'registered-models/delete-tag', { name: 'greet', key: 'k' });
  await call('POST', 'model-versions/set-tag', { name: 'greet', version: '1', key: 'k', value: 'v' });
  await call('DELETE', 'model-versions/delete-tag', { name: 'greet', version: '1', key: 'k' });
  await call('POST', 'registered-models/alias', { name: 'greet', alias: 'live', version: '1' });
  await call('DELETE', 'registered-models/alias', { name: 'greet', alias: 'live' });
  await receiver.until(8);
  assert.deepEqual(
    receiver.received.map(({ body }) => {
      const { entity, action, data } = JSON.parse(body) as { entity: string; action: string; data: unknown };
      return [`${entity}.${action}`, data];
    }),
    [
      ['prompt.created', { name: 'greet', tags: { team: 'x' }, description: '' }],
      ['prompt_version.created', { name: 'greet', version: '1', template: 'Hello {{name}}', tags: { a: 'b' }, description: null }],
      ['prompt_tag.set', { name: 'greet', key: 'k', value: 'v' }],
      ['prompt_tag.deleted', { name: 'greet', key: 'k' }],
      ['prompt_version_tag.set', { name: 'greet', version: '1', key: 'k', value: 'v' }],
      ['prompt_version_tag.deleted', { name: 'greet', version: '1', key: 'k' }],
      ['prompt_alias.created', { name: 'greet', alias: 'live', version: '1' }],
      ['prompt_alias.deleted', { name: 'greet', alias: 'live' }],
    ],
  );
  assert.ok((await events.find({ types: ['prompt.'] })).length >= 8);
});

testWebhooks(
  'a failed delivery is tried again after its pause, and those behind it wait in order',
  async ({ receiver, hook, settled, tried, register, clock, api }) => {
    const webhook = await hook(['model_version.created']);
    receiver.answer((response, _, count) => {
      response.statusCode = count <= 2 ? 503 : 200;
      if (count === 2) response.setHeader('retry-after', '120');
      response.end(count <= 2 ? 'not now' : 'ok');
    });
    await register(1);
    await register(2);
    const first = await tried(webhook, 1);
    assert.deepEqual([first.status, first.problem], [503, 'it answered 503']);
    clock.advance(2500);
    await tried(webhook, 2);
    // The receiver asked for two minutes.
    clock.advance(60_000);
    await pause(100);
    assert.equal(receiver.received.length, 2);
    clock.advance(61_000);
    await receiver.until(4);
    const [done] = await settled(webhook, ['delivered', 'delivered']);
    const sent = receiver.received.map(({ headers, body }) => [
      headers['x-mlflow-delivery-id'],
      (JSON.parse(body) as { data: { version: string } }).data.version,
    ]);
    assert.deepEqual(
      sent.map(([, version]) => version),
      ['1', '1', '1', '2'],
    );
    assert.equal(new Set(sent.map(([id]) => id)).size, 2);
    const detail = await api.call<DeliveryDetailWire>('GET', `${base}/${webhook.id}/deliveries/${done?.id ?? ''}`);
    assert.deepEqual(
      detail.log.map(({ number, status, response, problem }) => [number, status, response, problem]),
      [
        [1, 503, 'not now', 'it answered 503'],
        [2, 503, 'not now', 'it answered 503'],
        [3, 200, 'ok', undefined],
      ],
    );
    assert.equal((JSON.parse(detail.body) as { entity: string }).entity, 'model_version');
  },
);

testWebhooks(
  'what cannot succeed is given up at once, said in the event log, and can be sent again',
  async ({ receiver, hook, settled, register, events, api }) => {
    const webhook = await hook(['model_version.created']);
    receiver.answer((response, _, count) => {
      response.writeHead([302, 404, 200, 200][count - 1] ?? 500, { location: 'http://127.0.0.1:1/' });
      response.end();
    });
    await register(1);
    await register(2);
    await register(3);
    const [moved, gone] = await settled(webhook, ['failed', 'failed', 'delivered']);
    assert.match(moved?.problem ?? '', /redirects are not followed/);
    assert.deepEqual([gone?.status, gone?.attempts], [404, 1]);
    const [failed] = await events.find({ types: ['webhook.delivery-failed'] });
    assert.equal(failed?.data['delivery'], moved?.id);
    const list = await api.call<{ items: ListedWebhookWire[] }>('GET', base);
    assert.deepEqual(list.items[0]?.deliveries, { pending: 0, failed: 2 });
    assert.deepEqual((await api.call<{ items: unknown[] }>('GET', `${base}/${webhook.id}/deliveries?state=failed`)).items.length, 2);
    await api.call('POST', `${base}/${webhook.id}/deliveries/${gone?.id ?? ''}/redeliver`, undefined, { status: 202 });
    await settled(webhook, ['failed', 'delivered', 'delivered']);
    assert.equal(receiver.received[3]?.headers['x-mlflow-delivery-id'], gone?.id);
  },
);

testWebhooks('a receiver that is away is tried for an hour and then given up', async ({ receiver, hook, settled, register, clock }) => {
  const webhook = await hook(['model_version.created'], { url: 'http://127.0.0.1:1/nobody' });
  await register(1);
  for (let attempts = 1; attempts < 12; attempts++) {
    for (const end = Date.now() + 10_000; ; await pause(5)) {
      const [delivery] = await settled(webhook, ['pending']);
      if (delivery?.attempts === attempts) break;
      assert.ok(Date.now() < end);
    }
    clock.advance(1_000_000);
  }
  const [delivery] = await settled(webhook, ['failed']);
  assert.deepEqual([delivery?.attempts, delivery?.nextAt], [12, undefined]);
  assert.match(delivery?.problem ?? '', /ECONNREFUSED/);
  assert.equal(receiver.received.length, 0);
});

testWebhooks('one webhook whose receiver hangs does not hold up another one', async ({ receiver, hook, settled, register }) => {
  receiver.answer((response, request) => {
    if (request.url !== '/hang') response.end();
  });
  const hanging = await hook(['model_version.created'], { url: `${receiver.address}/hang` });
  const quick = await hook(['model_version.created']);
  await register(1);
  await register(2);
  await settled(quick, ['delivered', 'delivered']);
  assert.deepEqual(
    (await settled(hanging, ['pending', 'pending'])).map(({ attempts }) => attempts),
    [0, 0],
  );
});

testWebhooks(
  'a change that is taken back tells nobody; a disabled webhook waits',
  async ({ receiver, hook, register, registry, api, deliveries }) => {
    const webhook = await hook(['model_version.created', 'model_version_alias.created']);
    await register(1);
    await receiver.until(1);
    await assert.rejects(registry.setAlias(context, { project: 'flights', model: 'delay', version: 9, alias: 'a' }));
    receiver.answer((response) => {
      response.statusCode = 500;
      response.end();
    });
    await register(2);
    await receiver.until(2);
    await api.call('PATCH', `${base}/${webhook.id}`, { status: 'disabled' });
    await register(3);
    receiver.answer((response) => response.end());
    await pause(50);
    assert.deepEqual(
      (await deliveries(webhook)).map(({ state }) => state),
      ['pending', 'delivered'],
    );
    await api.call('PATCH', `${base}/${webhook.id}`, { status: 'active', url: `${receiver.address}/new` });
    await register(4);
    const [, second] = await deliveries(webhook);
    assert.equal(second?.state, 'pending');
  },
);

testWebhooks(
  'nothing leaves a server whose settings became stricter, and deleting takes the deliveries along',
  async ({ hook, events, settled, register, api, receiver }) => {
    const webhook = await hook(['model_version.created']);
    await events.database.transaction((tx) => sql`update webhooks set url = 'ftp://127.0.0.1/x'`.execute(tx.query()));
    await register(1);
    const [delivery] = await settled(webhook, ['failed']);
    assert.match(delivery?.problem ?? '', /not allowed by the setting webhooks\.schemes/);
    assert.equal(receiver.received.length, 0);
    await events.database.transaction((tx) => sql`update webhooks set url = 'http://127.0.0.1/x'`.execute(tx.query()));
    await api.call('DELETE', `${base}/${webhook.id}`);
    await api.call('GET', `${base}/${webhook.id}/deliveries`, undefined, { status: 404 });
    const left = await sql<{ count: number }>`select count(*) as count from webhook_deliveries`.execute(events.database.query());
    assert.equal(Number(left.rows[0]?.count), 0);
    assert.deepEqual(
      (await events.find({ types: ['webhook.'] })).map(({ type }) => type),
      ['webhook.created', 'webhook.delivery-failed', 'webhook.deleted'],
    );
  },
);

testWebhooks('a test sends made-up data once and says what came back', async ({ receiver, hook, api }) => {
  const webhook = await hook(['model_version.created', 'prompt.created']);
  const good = await api.call<WebhookTestWire>('POST', `${base}/${webhook.id}/test`, {});
  assert.deepEqual(good, { success: true, event: 'model_version.created', status: 200, response: 'ok' });
  receiver.answer((response) => {
    response.statusCode = 500;
    response.end('x'.repeat(100_000));
  });
  const bad = await api.call<WebhookTestWire>('POST', `${base}/${webhook.id}/test`, { event: 'prompt.created' });
  assert.deepEqual([bad.success, bad.status, bad.response?.length, bad.problem], [false, 500, 4000, 'it answered 500']);
  assert.equal((JSON.parse(receiver.received[1]?.body ?? '') as { entity: string }).entity, 'prompt');
  await api.call('POST', `${base}/${webhook.id}/test`, { event: 'prompt.deleted' }, { status: 400 });
});

testWebhooks("MLflow's clients manage the same webhooks", async ({ receiver, registry, api }) => {
  const mlflow = testMlflow(registry.mlflow);
  const path = '/api/2.0/mlflow/webhooks';
  const events = [
    { entity: 'MODEL_VERSION', action: 'CREATED' },
    { entity: 3, action: 'SET' },
  ];
  const made = await mlflow.call('POST', path, { name: 'hook', url: receiver.address, events, secret: 's' });
  assert.equal(made.status, 200, JSON.stringify(made.body));
  const { webhook } = made.body;
  assert.deepEqual(webhook?.['events'], [
    { entity: 'MODEL_VERSION', action: 'CREATED' },
    { entity: 'MODEL_VERSION_TAG', action: 'SET' },
  ]);
  assert.deepEqual([webhook['status'], 'secret' in webhook, 'description' in webhook], ['ACTIVE', false, false]);
  const id = String(webhook['webhook_id']);
  const edited = await mlflow.call('PATCH', `${path}/${id}`, { status: 'DISABLED', description: 'd', name: 'other' });
  assert.deepEqual([edited.body['webhook']?.['status'], edited.body['webhook']?.['name']], ['DISABLED', 'other']);
  await mlflow.call('POST', path, { name: 'second', url: receiver.address, events: [{ entity: 'BUDGET_POLICY', action: 'EXCEEDED' }] });
  const first = await mlflow.call('GET', `${path}?max_results=1`);
  assert.deepEqual(
    first.body['webhooks']?.map((each: { name: string }) => each.name),
    ['second'],
  );
  const rest = await mlflow.call('GET', `${path}?max_results=1&page_token=${String(first.body['next_page_token'])}`);
  assert.deepEqual([rest.body['webhooks']?.[0]?.['webhook_id'], rest.body['next_page_token']], [id, undefined]);
  const tested = await mlflow.call('POST', `${path}/${id}/test`, { event: { entity: 'MODEL_VERSION_TAG', action: 'SET' } });
  assert.deepEqual(tested.body['result'], { success: true, response_status: 200, response_body: 'ok' });
  for (const [message, text] of [
    [{ name: 'x', url: ' ', events }, /Webhook URL cannot be empty or just whitespace/],
    [{ name: 'x', url: 'ftp://x', events }, /Invalid webhook URL scheme: 'ftp'/],
    [{ name: 'x', url: receiver.address, events: [{ entity: 'MODEL_VERSION', action: 'DELETED' }] }, /Invalid action 'deleted'/],
    [{ name: 'x', url: receiver.address, events: [] }, /events cannot be empty/],
    [{ name: '-', url: receiver.address, events }, /Webhook name '-' is invalid/],
    [{ url: receiver.address, events }, /Missing value for required parameter 'name'/],
  ] as const) {
    const refused = await mlflow.call('POST', path, message);
    assert.deepEqual([refused.status, refused.body['error_code']], [400, 'INVALID_PARAMETER_VALUE']);
    assert.match(String(refused.body['message']), text);
  }
  assert.equal((await mlflow.call('GET', `${path}?page_token=x'%20or%201`)).status, 400);
  assert.deepEqual((await mlflow.call('DELETE', `${path}/${id}`)).body, {});
  const missing = await mlflow.call('GET', `${path}/${id}`);
  assert.deepEqual([missing.status, missing.body['error_code']], [404, 'RESOURCE_DOES_NOT_EXIST']);
  assert.match(String(missing.body['message']), new RegExp(`Webhook with ID ${id} not found`));
  assert.equal((await api.call<{ items: unknown[] }>('GET', base)).items.length, 1);
});
