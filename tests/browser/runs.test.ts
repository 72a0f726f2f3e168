import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RunWire } from '../../src/tracking/wire.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;
const runs: RunWire[] = [];

before(async () => {
  if (skip !== false) return;
  face = await openFace();
  for (let number = 0; number < 230; number += 1) runs.push(await logRun(number));
});
after(() => face?.close());

async function logRun(number: number): Promise<RunWire> {
  const { client } = face.ripen;
  const base = '/api/v1/projects/shop/runs';
  const run = await client.post<RunWire>(base, { experiment: number % 2 === 0 ? 'even' : 'odd', name: `run ${number}` });
  const losses = number < 3 ? Array.from({ length: 20 }, (_, step) => ({ name: 'loss', step, value: 1 / (step + 1 + number) })) : [];
  await client.post(`${base}/${run.id}/log`, {
    metrics: [...losses, { name: 'auc', value: number / 230, step: 0 }],
    parameters: { rate: number % 5, seed: number },
  });
  await client.post(`${base}/${run.id}/finish`, { outcome: 'finished' });
  return run;
}

test('runs are filtered, sorted by the server, read as one scrolls, and compared', { skip }, async () => {
  const page = await face.open('/runs');
  const grid = page.getByRole('grid', { name: 'Runs' });
  await grid.getByRole('link', { name: 'run 229' }).waitFor();
  await page.getByText('of 230 rows').waitFor();

  await grid.getByRole('button', { name: 'auc' }).click();
  await page.waitForURL(/order=metrics\.auc/);
  await grid.getByRole('link', { name: 'run 229' }).waitFor();
  await grid.getByRole('row').nth(1).focus();
  await page.keyboard.press('End');
  await page.keyboard.press('End');
  await page.getByText('230 rows', { exact: true }).waitFor();

  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Experiment' }).uncheck();
  await page.waitForURL(/columns=/);
  await page.keyboard.press('Escape');
  await grid.getByRole('columnheader', { name: 'Experiment' }).waitFor({ state: 'detached' });
  await page.reload();
  await grid.getByRole('columnheader', { name: 'auc' }).waitFor();
  assert.equal(await grid.getByRole('columnheader', { name: 'Experiment' }).count(), 0, 'the choice of columns stands in the address');

  const filter = page.getByRole('textbox', { name: 'Filter runs' });
  await filter.fill('metrics.auc >');
  await filter.press('Enter');
  await page.locator('#filter-problem').waitFor();
  assert.equal(await filter.inputValue(), 'metrics.auc >', 'what was typed stays');
  await filter.fill("experiment = 'even' and metrics.auc < 0.02");
  await filter.press('Enter');
  await page.getByText('3 rows', { exact: true }).waitFor();
  await looksRight(page);

  await grid.getByRole('checkbox', { name: 'Pick all' }).check();
  await page.getByRole('button', { name: 'Compare 3' }).click();
  await page.getByRole('heading', { name: 'Compare 3 runs' }).waitFor();
  await page.getByRole('figure', { name: 'loss' }).waitFor();
  await page.getByText('(best)').first().waitFor();
  await looksRight(page);
  await page.goBack();
  await page.getByText('3 rows', { exact: true }).waitFor();
});

test('a run shows its curves and its files, and follows what it logs', { skip }, async () => {
  const { client } = face.ripen;
  const run = await client.post<RunWire>('/api/v1/projects/shop/runs', { experiment: 'live', name: 'live one' });
  const base = `/api/v1/projects/shop/runs/${run.id}`;
  const put = (name: string, body: string) =>
    fetch(`${face.ripen.address}${base}/artifacts/${encodeURIComponent(name)}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body,
    });
  await put('notes/card.md', '# The card\n\nSays **much**.');
  await put('slices.csv', 'slice,auc\n"hour=5, early",0.61\n');
  const page = await face.open(`/runs/${run.id}`);
  await page.getByText('running').waitFor();
  await client.post(`${base}/log`, {
    metrics: [1, 2, 3].map((step) => ({ name: 'loss', step, value: 1 / step })),
    parameters: { rate: 3 },
  });
  await page.getByRole('figure', { name: 'loss' }).waitFor();

  await page.getByRole('button', { name: /slices\.csv/ }).click();
  await page.getByRole('cell', { name: 'hour=5, early' }).waitFor();
  await page.getByRole('button', { name: /notes/ }).click();
  await page.getByRole('button', { name: /card\.md/ }).click();
  await page.getByRole('heading', { name: 'The card' }).waitFor();
  assert.match(page.url(), /artifact=notes%2Fcard\.md/);
  await looksRight(page);
  await client.post(`${base}/finish`, { outcome: 'failed' });
  await page.getByText('failed').first().waitFor();
});

test('on a narrow dark screen the run and the list fit', { skip }, async () => {
  const page = await face.open(`/runs/${runs[1]?.id}`, { ...narrow, ...dark });
  await page.getByRole('figure', { name: 'loss' }).waitFor();
  await looksRight(page);
  await page.goto(`${face.ripen.address}/shop/runs`);
  await page.getByRole('grid', { name: 'Runs' }).waitFor();
  await looksRight(page);
});
