import { after, before, test } from 'node:test';
import type { WindowWire } from '../../src/monitoring/wire.ts';
import { eventually } from '../testing/eventually.ts';
import { deployment, predict, releaseFirst, shop } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;
before(async () => {
  if (skip !== false) return;
  face = await openFace();
  const url = await releaseFirst(face.ripen.client);
  const { client } = face.ripen;
  for (let number = 0; number < 60; number += 1) await predict(url, (number - 30) / 30, `page-${number}`);
  const labels = Array.from({ length: 60 }, (_, number) => ({ id: `page-${number}`, label: number % 3 === 0 ? 0 : 1 }));
  await eventually('the window has its labels', async () => {
    await client.post(`${shop}/deployments/${deployment}/labels`, { labels });
    const { items } = await client.get<{ items: WindowWire[] }>(`${shop}/monitoring/${deployment}/windows`);
    return items.some((window) => window.labelled >= 60) ? items : undefined;
  });
});
after(() => face?.close());

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
