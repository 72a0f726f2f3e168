import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RunWire } from '../../src/tracking/wire.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;
const runs: RunWire[] = [];
const base = '/api/v1/projects/shop/runs';

before(async () => {
  if (skip !== false) return;
  face = await openFace();
  for (const number of [0, 1, 2, 3]) runs.push(await logRun(number));
});
after(() => face?.close());

async function logRun(number: number): Promise<RunWire> {
  const { client } = face.ripen;
  const run = await client.post<RunWire>(base, { experiment: 'sweep', name: `run ${number}` });
  await client.post(`${base}/${run.id}/log`, {
    metrics: [
      ...Array.from({ length: 30 }, (_, step) => ({ name: 'loss', step, value: 1 / (step + 1 + number) })),
      { name: 'auc', value: 0.6 + number / 10 },
    ],
    parameters: { rate: 0.1 * (number + 1), model: number % 2 === 0 ? 'tree' : 'net', same: 'yes' },
  });
  const keep = (name: string, body: string) =>
    fetch(`${face.ripen.address}${base}/${run.id}/artifacts/${encodeURIComponent(name)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body,
    });
  await keep('config.yaml', `model: x\nrate: ${number}\nseed: 1\n`);
  await keep('rows.csv', `a,b\n${number},2\n`);
  if (number === 0) await keep('only.txt', 'here\n');
  await client.post(`${base}/${run.id}/finish`, { outcome: 'finished' });
  return run;
}

const address = (tab: string) => `/runs/compare?ids=${runs.map(({ id }) => id).join(',')}&tab=${tab}`;

test('picked runs are compared: curves in one chart, and what differs side by side', { skip }, async () => {
  const page = await face.open(`/runs?filter=${encodeURIComponent("experiment = 'sweep'")}`);
  const grid = page.getByRole('grid', { name: 'Runs' });
  await grid.getByRole('link', { name: 'run 3' }).waitFor();
  await grid.getByRole('checkbox', { name: 'Pick all' }).click();
  await page.getByRole('button', { name: 'Compare 4' }).click();
  await page.getByRole('heading', { name: 'Compare 4 runs' }).waitFor();
  const loss = page.getByRole('figure', { name: 'loss' });
  await loss.getByRole('img', { name: /30 points/ }).waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: 'Hide run 0 from the charts' }).click();
  await loss.getByText('run 0', { exact: true }).waitFor({ state: 'detached' });
  await page.getByRole('tab', { name: 'Side by side' }).click();
  await page.getByText('(best)').first().waitFor();
  const same = page.getByRole('rowheader', { name: 'same' });
  assert.equal(await same.count(), 0);
  await page.getByRole('checkbox', { name: 'Only what differs' }).uncheck();
  await same.waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: 'Compare without run 1' }).click();
  await page.getByRole('heading', { name: 'Compare 3 runs' }).waitFor();
});

test('a range on an axis of the parallel coordinates narrows the comparison, by keyboard', { skip }, async () => {
  const page = await face.open(address('parallel'));
  const axis = page.getByRole('slider', { name: 'Range on auc' });
  await axis.focus();
  await page.keyboard.press('ArrowUp');
  await page.getByText('2 of 4 runs pass').waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: 'Compare only these 2' }).click();
  await page.getByRole('heading', { name: 'Compare 2 runs' }).waitFor();
});

test('runs stand as dots over two numbers, and a dot leads to its run', { skip }, async () => {
  const page = await face.open(`${address('scatter')}&x=${encodeURIComponent('parameter rate')}&y=${encodeURIComponent('metric auc')}`);
  await page.getByRole('figure', { name: 'auc against rate' }).waitFor();
  assert.equal(await page.getByRole('button', { name: /^Open run/ }).count(), 4);
  await looksRight(page);
  await page.getByRole('button', { name: /^Open run 2/ }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'run 2' }).waitFor();
});

test('files are put side by side, texts with what differs', { skip }, async () => {
  const page = await face.open(address('artifacts'));
  await page.getByRole('button', { name: /only\.txt in 1/ }).waitFor();
  await page.getByRole('button', { name: /config\.yaml differs/ }).click();
  const differences = page.getByRole('region', { name: 'Differences of config.yaml' });
  await differences.getByText('− rate: 0').waitFor();
  await differences.getByText('+ rate: 1').waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: /rows\.csv/ }).click();
  await page.getByRole('region', { name: 'Rows of rows.csv' }).nth(3).waitFor();
});

test('the comparison fits a narrow dark screen', { skip }, async () => {
  const page = await face.open(address('parallel'), { ...narrow, ...dark });
  await page.getByRole('slider', { name: 'Range on auc' }).waitFor();
  await looksRight(page);
});
