import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AlertWire, MonitorWire, WindowWire } from '../../src/monitoring/wire.ts';
import { eventually } from '../testing/eventually.ts';
import { deployment, predict, releaseFirst, shop, shopDefinition } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

/** Fires for the window of three hours ago, which the later traffic closes. */
const alerts = `    alerts:
      - { name: busy, metric: predictions, operator: above, threshold: 5, severity: critical }
`;
const hour = 3_600_000;

let face: Face;
before(async () => {
  if (skip !== false) return;
  face = await openFace({ 'ripen.yaml': shopDefinition + alerts });
  const url = await releaseFirst(face.ripen.client);
  const { client } = face.ripen;
  for (let number = 0; number < 8; number += 1) await predictThen(url, Date.now() - 3 * hour);
  for (let number = 0; number < 60; number += 1) await predict(url, (number - 30) / 30, `page-${number}`);
  const labels = Array.from({ length: 60 }, (_, number) => ({ id: `page-${number}`, label: number % 3 === 0 ? 0 : 1 }));
  await eventually('the window has its labels', async () => {
    await client.post(`${shop}/deployments/${deployment}/labels`, { labels });
    const { items } = await client.get<{ items: WindowWire[] }>(`${shop}/monitoring/${deployment}/windows`);
    return items.some((window) => window.labelled >= 60) ? items : undefined;
  });
});
after(() => face?.close());

async function predictThen(url: string, time: number): Promise<void> {
  const body = { parameters: { event_time: time }, inputs: [{ name: 'x', datatype: 'FP32', shape: [1], data: [0.25] }] };
  const answer = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  assert.equal(answer.status, 200, await answer.text());
}

test('a deployment is watched: from its card to its charts to one window', { skip }, async () => {
  const page = await face.open('/monitoring');
  await page.getByRole('article', { name: 'Monitor of delay' }).getByRole('link', { name: 'delay' }).click();
  await page.getByRole('figure', { name: 'Predictions per window' }).waitFor();
  await page.getByRole('figure', { name: 'AUC' }).waitFor();
  await looksRight(page);
  await page.getByRole('grid', { name: 'Windows' }).getByRole('link').first().click();
  await page.getByRole('figure', { name: 'Calibration' }).waitFor();
  await looksRight(page);
  await page.goBack();
  await page.getByRole('figure', { name: 'AUC' }).waitFor();
});

test('the pages of monitoring fit a narrow dark screen', { skip }, async () => {
  const page = await face.open(`/monitoring/${deployment}`, { ...narrow, ...dark });
  await page.getByRole('figure', { name: 'AUC' }).waitFor();
  await looksRight(page);
});

test('an alert is acknowledged and its rule is silenced from the page', { skip }, async () => {
  const { client } = face.ripen;
  const firing = await eventually('the alert fires', async () => {
    const { items } = await client.get<{ items: AlertWire[] }>(`${shop}/alerts`);
    return items.find(({ state }) => state === 'firing');
  });
  const page = await face.open('/monitoring');
  await page.getByText('1 firing').first().waitFor();
  await page.goto(`${face.ripen.address}/shop/monitoring/${deployment}`);
  await page.getByRole('grid', { name: 'Alerts' }).getByText('busy').click();
  const details = page.getByRole('complementary', { name: 'busy' });
  assert.match(page.url(), new RegExp(`alert=${firing.id}`));
  await looksRight(page);

  await details.getByRole('button', { name: 'Acknowledge' }).click();
  const acknowledge = page.getByRole('dialog', { name: 'Acknowledge busy' });
  await acknowledge.getByLabel('Note').fill('Fair in town');
  assert.match((await acknowledge.textContent()) ?? '', new RegExp(`ripen alerts ack ${firing.id} --note .*Fair in town`));
  await looksRight(page);
  await acknowledge.getByRole('button', { name: 'Acknowledge' }).click();
  await acknowledge.waitFor({ state: 'detached' });
  await details.getByText('Fair in town').waitFor();
  assert.equal(await details.getByRole('button', { name: 'Acknowledge' }).count(), 0);

  await details.getByRole('button', { name: 'Silence rule' }).click();
  const silence = page.getByRole('dialog', { name: 'Silence busy' });
  const confirm = silence.getByRole('button', { name: 'Silence', exact: true });
  assert.ok(await confirm.isDisabled(), 'a silence needs a reason');
  await silence.getByLabel('Reason').fill('The fair lasts until evening');
  await confirm.click();
  await details.getByText(/The fair lasts until evening/).waitFor();
  const { items } = await client.get<{ items: MonitorWire[] }>(`${shop}/monitoring`);
  assert.equal(items[0]?.silences[0]?.reason, 'The fair lasts until evening');
  await looksRight(page);
});
