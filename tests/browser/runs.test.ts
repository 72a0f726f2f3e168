import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { RunViewWire } from '../../src/tracking/views/wire.ts';
import type { RunWire } from '../../src/tracking/wire.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;
const runs: RunWire[] = [];
const count = 330;

before(async () => {
  if (skip !== false) return;
  face = await openFace();
  for (let number = 0; number < count; number += 1) runs.push(await logRun(number));
});
after(() => face?.close());

const base = '/api/v1/projects/shop';

async function logRun(number: number): Promise<RunWire> {
  const { client } = face.ripen;
  const run = await client.post<RunWire>(`${base}/runs`, { experiment: number % 2 === 0 ? 'even' : 'odd', name: `run ${number}` });
  await client.post(`${base}/runs/${run.id}/log`, {
    metrics: [{ name: 'auc', value: number === 7 ? 'NaN' : number / count, step: 0 }],
    parameters: { rate: number % 5, seed: number, 'learning rate': 0.1 },
    tags: { team: number % 3 === 0 ? 'red' : 'blue' },
  });
  await client.post(`${base}/runs/${run.id}/finish`, { outcome: 'finished' });
  return run;
}

const gridOf = (page: Page) => page.getByRole('grid', { name: 'Runs' });
const heads = (page: Page) => gridOf(page).getByRole('columnheader').getByRole('button').allInnerTexts();
const firstRun = (page: Page) => gridOf(page).getByRole('row').nth(1).getByRole('link');

test('the list is read as one scrolls, jumps to its end, and sorts by several columns on the server', { skip }, async () => {
  const page = await face.open('/runs');
  const grid = gridOf(page);
  await grid.getByRole('link', { name: 'run 329' }).waitFor();
  await page.getByRole('status').getByText('330 runs').waitFor();
  assert.equal(await grid.getAttribute('aria-rowcount'), '331');
  const asked: string[] = [];
  page.on('request', (request) => /\/shop\/runs\?/.test(request.url()) && asked.push(request.url()));
  await grid.focus();
  await page.keyboard.press('End');
  await grid.getByRole('link', { name: 'run 0', exact: true }).waitFor();
  assert.ok(
    asked.some((url) => /skip=300/.test(url)),
    'the end is read without the pages before it',
  );
  await page.keyboard.press('Home');
  await grid.getByRole('link', { name: 'run 329' }).waitFor();

  await grid.getByRole('button', { name: 'rate', exact: true }).click();
  await page.waitForURL(/order=params\.rate\+asc/);
  await grid.getByRole('button', { name: 'auc' }).click({ modifiers: ['Shift'] });
  await page.waitForURL(/order=params\.rate\+asc%2C\+metrics\.auc\+desc/);
  await grid.getByRole('link', { name: 'run 325' }).waitFor();
  await assertText(firstRun(page), 'run 325');
  await page.getByRole('button', { name: 'rate, least first' }).click();
  await page.getByRole('button', { name: 'No longer order by auc' }).click();
  await page.waitForURL(/order=params\.rate\+desc$/);
});

async function assertText(locator: ReturnType<Page['locator']>, text: string): Promise<void> {
  await locator.getByText(text, { exact: true }).waitFor();
}

test('columns are chosen, moved and widened, by keyboard as well, and stay in the address', { skip }, async () => {
  const page = await face.open('/runs');
  const grid = gridOf(page);
  await grid.getByRole('link', { name: 'run 329' }).waitFor();
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('checkbox', { name: 'Experiment' }).uncheck();
  await page.getByRole('checkbox', { name: 'team' }).check();
  await page.keyboard.press('Escape');
  await grid.getByRole('columnheader', { name: 'team' }).waitFor();
  await grid.getByRole('columnheader', { name: 'Experiment' }).waitFor({ state: 'detached' });

  const auc = grid.getByRole('columnheader', { name: 'auc' });
  const before = await heads(page);
  await auc.getByRole('button').focus();
  await page.keyboard.press('Alt+ArrowLeft');
  await page.waitForFunction(
    `document.querySelectorAll('[role=columnheader] button')[${before.indexOf('auc') - 1}]?.textContent === 'auc'`,
  );
  const width = async () => (await auc.boundingBox())?.width ?? 0;
  const narrowBefore = await width();
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await page.waitForURL(/columns=.*auc%7E|columns=.*auc~/);
  assert.equal((await width()) - narrowBefore, 16);
  await grid.getByRole('columnheader', { name: 'team' }).dragTo(grid.getByRole('columnheader', { name: 'State' }));
  await page.waitForFunction(`document.querySelectorAll('[role=columnheader] button')[1]?.textContent === 'team'`);
  const chosen = await heads(page);
  await page.reload();
  await grid.getByRole('link', { name: 'run 329' }).waitFor();
  assert.deepEqual(await heads(page), chosen);
  await looksRight(page);
});

test('a filter is completed as it is typed; one that is refused keeps what was typed and the rows', { skip }, async () => {
  const page = await face.open('/runs');
  const grid = gridOf(page);
  await grid.getByRole('link', { name: 'run 329' }).waitFor();
  await page.keyboard.press('/');
  const filter = page.getByRole('combobox', { name: 'Filter runs' });
  await page.keyboard.type('learn');
  await page.getByRole('option', { name: 'params.learning rate' }).waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await filter.inputValue(), 'params."learning rate" ');
  await filter.fill('');
  await page.keyboard.type("tags.team = 'r");
  await page.getByRole('option', { name: 'red' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await looksRight(page);
  await page.keyboard.press('Enter');
  assert.equal(await filter.inputValue(), "tags.team = 'red' ");
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('110 runs').waitFor();

  await filter.fill('metrics.auc >');
  await filter.press('Escape');
  await filter.press('Enter');
  await page.locator('#filter-problem').waitFor();
  assert.equal(await filter.inputValue(), 'metrics.auc >', 'what was typed stays');
  assert.ok((await grid.getByRole('row').count()) > 5, 'the rows stay');
  await filter.fill("experiment = 'even' and metrics.auc < 0.01");
  await filter.press('Enter');
  await page.getByRole('status').getByText('2 runs').waitFor();
  await filter.fill("name = 'none'");
  await filter.press('Enter');
  await page.getByRole('heading', { name: 'No run fits' }).waitFor();
  await page.getByRole('button', { name: 'Show all runs' }).click();
  await page.getByRole('status').getByText('330 runs').waitFor();
});

test('runs are gathered in groups that open, with the mean of each metric', { skip }, async () => {
  const page = await face.open('/runs');
  const grid = gridOf(page);
  await grid.getByRole('link', { name: 'run 329' }).waitFor();
  await page.getByRole('button', { name: 'Group' }).click();
  await page.getByRole('combobox', { name: 'Group by' }).fill('rate');
  await page.getByRole('option', { name: 'Parameter rate' }).click();
  await page.keyboard.press('Escape');
  await page.waitForURL(/group=params\.rate/);
  const tree = page.getByRole('treegrid', { name: 'Runs' });
  await tree.getByRole('row', { name: /^4 66/ }).waitFor();
  assert.equal(await tree.getByRole('row').count(), 6);
  await tree.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await tree.locator('[aria-expanded="true"]').waitFor();
  await tree
    .getByRole('link', { name: /run \d+/ })
    .first()
    .waitFor();
  await looksRight(page);
});

test('runs are picked by keys and pointer, pinned, tagged, deleted and restored', { skip }, async () => {
  const page = await face.open(`/runs?filter=${encodeURIComponent("experiment = 'odd' and metrics.auc < 0.1")}`);
  const grid = gridOf(page);
  await grid.getByRole('link', { name: 'run 31' }).waitFor();
  await grid.focus();
  for (const key of ['Home', 'j', 'Space', 'j', 'j', 'Shift+Space']) await page.keyboard.press(key);
  await page.getByText('3 picked').waitFor();
  await grid.getByRole('checkbox', { name: 'Pick run 31' }).click();
  await page.getByText('4 picked').waitFor();
  await page.keyboard.press('Escape');
  await grid.getByRole('checkbox', { name: 'Pick run 21' }).click();
  await grid.getByRole('checkbox', { name: 'Pick run 15' }).click({ modifiers: ['Shift'] });
  await page.getByText('4 picked').waitFor();
  await looksRight(page);

  await page.getByRole('button', { name: 'Tag…' }).click();
  await page.getByRole('textbox', { name: 'Tag' }).fill('good');
  await page.getByRole('textbox', { name: 'Value' }).fill('yes');
  await page.getByRole('button', { name: 'Set tag' }).click();
  await page.getByText('4 runs tagged').waitFor();
  assert.equal((await face.ripen.client.get<RunWire>(`${base}/runs/${runs[17]?.id}`)).tags['good'], 'yes');

  await grid.focus();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Delete runs' }).click();
  await grid.getByRole('link', { name: 'run 21' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Deleted runs' }).click();
  await page.getByRole('status').getByText('4 deleted runs').waitFor();
  await grid.focus();
  await page.keyboard.press('Control+a');
  await page.getByText('4 picked').waitFor();
  await page.getByRole('button', { name: 'Restore…' }).click();
  await page.getByRole('button', { name: 'Restore runs' }).click();
  await page.getByRole('heading', { name: 'No run fits' }).waitFor();
  await page.getByRole('button', { name: 'Back to the runs' }).click();
  await grid.getByRole('link', { name: 'run 21' }).waitFor();

  await grid.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('p');
  await page.waitForURL(/pinned=/);
  await page.getByRole('rowgroup', { name: 'Pinned runs' }).getByRole('link', { name: 'run 31' }).waitFor();
  await page.getByRole('button', { name: 'Unpin run 31' }).click();
  await page.getByRole('rowgroup', { name: 'Pinned runs' }).waitFor({ state: 'detached' });
});

test('a view is saved for everybody, opened by its link, changed, and deleted', { skip }, async () => {
  const page = await face.open(`/runs?filter=${encodeURIComponent('metrics.auc > 0.9')}&order=metrics.auc+desc`);
  await gridOf(page).getByRole('link', { name: 'run 329' }).waitFor();
  await page.getByRole('button', { name: /^View:/ }).click();
  await page.getByRole('menuitem', { name: 'Save as a new view…' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('The best');
  await looksRight(page);
  await page.getByRole('button', { name: 'Save view' }).click();
  await page.getByRole('button', { name: 'View: The best', exact: true }).waitFor();
  const { items } = await face.ripen.client.get<{ items: RunViewWire[] }>(`${base}/run-views`);
  assert.deepEqual(
    items.map(({ name, shared, table }) => [name, shared, table.order]),
    [['The best', true, 'metrics.auc desc']],
  );

  await page.goto(`${face.ripen.address}/shop/runs?view=${items[0]?.id}`);
  await page.waitForURL(/filter=metrics/);
  await page.getByRole('status').getByText('32 runs').waitFor();
  await page.getByRole('button', { name: 'auc, greatest first' }).click();
  await page.getByRole('button', { name: 'View: The best, changed' }).click();
  await page.getByRole('menuitem', { name: 'Save over “The best”' }).click();
  await page.getByRole('button', { name: 'View: The best', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete view…' }).click();
  await page.getByRole('button', { name: 'Delete view' }).click();
  await page.getByRole('button', { name: 'View: All runs' }).waitFor();
});

test('all runs that fit are exported with the columns in sight', { skip }, async () => {
  const page = await face.open(`/runs?filter=${encodeURIComponent('metrics.auc < 0.5')}&columns=name,metrics.auc`);
  await gridOf(page).getByRole('link', { name: 'run 164' }).waitFor();
  await page.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'CSV, these columns' }).click()]);
  assert.equal(file.suggestedFilename(), 'shop-runs.csv');
  const lines = readFileSync(await file.path(), 'utf8')
    .trimEnd()
    .split('\r\n');
  assert.equal(lines[0], 'name,metrics.auc');
  assert.equal(lines.length, 1 + 164);
});

test('new runs come into the list while it is open, and it fits a narrow dark screen', { skip }, async () => {
  const page = await face.open('/runs', { ...narrow, ...dark });
  await gridOf(page).getByRole('link', { name: 'run 329' }).waitFor();
  await looksRight(page);
  await face.ripen.client.post(`${base}/runs`, { experiment: 'live', name: 'just begun' });
  await gridOf(page).getByRole('link', { name: 'just begun' }).waitFor();
  await page.getByRole('status').getByText('331 runs').waitFor();
});
