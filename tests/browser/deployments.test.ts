import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { releaseFirst, runPipeline } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;
before(async () => {
  if (skip !== false) return;
  face = await openFace();
  await releaseFirst(face.ripen.client);
});
after(() => face?.close());

test('what serves is seen, tried and released anew from the page', { skip }, async () => {
  const page = await face.open('/deployments');
  await page.getByRole('article', { name: 'Deployment delay' }).getByRole('link', { name: 'delay' }).click();
  const production = page.getByRole('article', { name: 'delay in production' });
  await production.getByText('serving').waitFor();
  assert.match((await production.textContent()) ?? '', /curl -s http:\/\/127\.0\.0\.1:\d+\/v2\/models\/delay\/infer/);

  await page.getByLabel('x', { exact: true }).fill('many');
  await page.getByRole('button', { name: 'Predict' }).click();
  await page.getByText('Write a number.').waitFor();
  await page.getByLabel('x', { exact: true }).fill('0');
  await page.getByRole('button', { name: 'Predict' }).click();
  await page.getByRole('status').getByText('0.5').first().waitFor();
  await looksRight(page);

  writeFileSync(join(face.folder, 'card.md'), '# Delay, second edition\n');
  const trained = await runPipeline(face.ripen.client, 'train');
  assert.equal(trained.registered?.version, 2);
  await page.getByRole('button', { name: 'Release a version' }).click();
  const dialog = page.getByRole('dialog', { name: 'Release to delay' });
  await dialog.getByLabel('Reason').fill('Again');
  await dialog.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByRole('heading', { name: 'Release 2' }).waitFor();
  await page.getByRole('list', { name: 'Way of the release' }).waitFor();
  await page
    .getByText(/released|refused/)
    .first()
    .waitFor({ timeout: 120_000 });
  await page.getByText('auc over baseline').first().waitFor();
  await looksRight(page);
});

test('the pages of deployments and releases fit a narrow dark screen', { skip }, async () => {
  const page = await face.open('/deployments/delay', { ...narrow, ...dark });
  await page.getByRole('article', { name: 'delay in production' }).waitFor();
  await looksRight(page);
  await page.goto(`${face.ripen.address}/shop/releases`);
  await page.getByRole('grid', { name: 'Releases' }).getByRole('link', { name: '1', exact: true }).click();
  await page.getByRole('heading', { name: 'Release 1' }).waitFor();
  await page.getByText('No approval is asked for', { exact: false }).first().waitFor();
  await looksRight(page);
});
