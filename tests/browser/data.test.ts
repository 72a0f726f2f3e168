import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runPipeline, shop } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;

before(async () => {
  if (skip !== false) return;
  face = await openFace();
  const { client } = face.ripen;
  await runPipeline(client, 'load');
  await runPipeline(client, 'train');
  const rows = Array.from({ length: 250 }, (_, index) => `${index % 40},${index % 3 === 0 ? 'Rome' : 'Oslo'}`);
  await load(`x,place\n${rows.join('\n')}\n`, 'more.csv');
  await assert.rejects(load('x,place\n7,Rome\nseven,Rome\n,Bern\n', 'broken.csv'));
});
after(() => face?.close());

function load(text: string, file: string): Promise<Response> {
  const headers = { 'content-type': 'application/octet-stream' };
  return face.ripen.client.raw('POST', `${shop}/datasets/orders/load?file=${file}`, { body: text, headers });
}

test('datasets show how large, fresh and sound they are, and lead to their pages', { skip }, async () => {
  const page = await face.open('/data');
  const row = page.getByRole('grid', { name: 'Datasets' }).getByRole('row', { name: /orders/ });
  await row.getByText('253').waitFor();
  await row.getByText('kept').waitFor();
  await row.getByRole('img', { name: /Rows of orders by snapshot/ }).waitFor();
  await looksRight(page);
  await row.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/data\/orders$/);
  await page.getByRole('heading', { level: 1, name: 'orders' }).waitFor();
});

test('a snapshot shows its profile before an earlier one, its rows, schema, contract and lineage', { skip }, async () => {
  const page = await face.open('/data/orders');
  const column = page.getByRole('article', { name: 'Column x' });
  await column.getByText('Snapshot 1').waitFor();
  await column.getByRole('img', { name: /Distribution/ }).waitFor();
  await looksRight(page);
  await page.getByRole('tab', { name: 'Profile' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.waitForURL(/tab=rows/);
  await page.getByText('rows 1 to 100 of 253').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('rows 101 to 200 of 253').waitFor();
  await page.getByRole('tab', { name: /Schema/ }).click();
  await page.getByText('nothing changed').waitFor();
  await page.getByRole('tab', { name: /Contract/ }).click();
  await page.getByText('all rules hold').waitFor();
  await looksRight(page);
  await page
    .getByRole('grid', { name: 'Snapshots' })
    .getByRole('row', { name: /pipeline run/ })
    .click({ position: { x: 40, y: 10 } });
  await page.waitForURL(/snapshot=1/);
  await page.getByRole('tab', { name: 'Lineage' }).click();
  await page.getByRole('button', { name: /^pipeline run/ }).waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: /^run …/ }).click();
  await page.waitForURL(/\/shop\/runs\//);
  await page.goBack();
  await page.getByRole('heading', { name: 'Snapshot 1', exact: true }).waitFor();
});

test('a refused load shows the broken rules and marks the wrong values', { skip }, async () => {
  const page = await face.open('/data/orders?tab=quarantine');
  const row = page.getByRole('grid', { name: 'Refused loads' }).getByRole('row', { name: /broken\.csv/ });
  await row.focus();
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: 'broken.csv' });
  await details
    .getByText(/broken\.csv/)
    .first()
    .waitFor();
  await page.waitForURL(/load=/);
  await looksRight(page);
  const download = page.waitForEvent('download');
  await details.getByRole('link', { name: 'Download the file' }).click();
  assert.equal((await download).suggestedFilename(), 'broken.csv');
});

test('the catalogue is edited in place, and a dataset that is not there says so', { skip }, async () => {
  const page = await face.open('/data/orders?tab=catalogue');
  const save = page.getByRole('button', { name: 'Save' });
  assert.ok(await save.isDisabled());
  await page.getByLabel('Owner').fill('shop team');
  await page.keyboard.press('Enter');
  await page.getByText('owned by shop team').waitFor();
  assert.ok(await save.isDisabled());
  await looksRight(page);
  await page.goto(`${face.ripen.address}/shop/data/nothing`);
  await page.getByRole('alert').getByText('data.dataset-not-found').waitFor();
});

test('new data appears by itself', { skip }, async () => {
  const page = await face.open('/data/orders');
  await page.getByText('Live').waitFor();
  await page.getByRole('heading', { name: 'Snapshot 2', exact: true }).waitFor();
  await load('x,place\n1,Rome\n', 'one.csv');
  await page.getByRole('heading', { name: 'Snapshot 3', exact: true }).waitFor();
});

test('the data pages fit a telephone and the dark', { skip }, async () => {
  for (const options of [narrow, dark]) {
    const page = await face.open('/data/orders', options);
    await page.getByRole('article', { name: 'Column x' }).waitFor();
    await looksRight(page);
    await page.getByRole('link', { name: 'Data', exact: true }).first().click();
    await page.getByRole('grid', { name: 'Datasets' }).waitFor();
    await looksRight(page);
  }
});
