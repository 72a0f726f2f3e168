import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RunWire } from '../../src/tracking/wire.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;

before(async () => {
  if (skip === false) face = await openFace();
});
after(() => face?.close());

const runs = '/api/v1/projects/shop/runs';

async function startRun(name: string, more: object = {}): Promise<RunWire> {
  return face.ripen.client.post<RunWire>(runs, { experiment: 'live', name, ...more });
}

async function keep(run: string, name: string, body: string | Uint8Array<ArrayBuffer>): Promise<void> {
  const path = `${face.ripen.address}${runs}/${run}/artifacts/${encodeURIComponent(name)}`;
  const answer = await fetch(path, { method: 'PUT', headers: { 'content-type': 'application/octet-stream' }, body });
  assert.ok(answer.ok, await answer.text());
}

test('curves follow what a run logs, smoothed, over time, on a log axis; what the machine did stands apart', { skip }, async () => {
  const { client } = face.ripen;
  const run = await startRun('live one');
  const log = (from: number, to: number) =>
    client.post(`${runs}/${run.id}/log`, {
      metrics: Array.from({ length: to - from }, (_, index) => [
        { name: 'train/loss', step: from + index, value: 1 / (from + index + 1), time: run.startedAt + (from + index) * 1000 },
        { name: 'system/cpu_utilization_percentage', step: from + index, value: 50, time: run.startedAt + (from + index) * 1000 },
      ]).flat(),
    });
  await log(0, 60);
  const page = await face.open(`/runs/${run.id}?tab=curves`);
  const loss = page.getByRole('figure', { name: 'loss' });
  await loss.waitFor();
  assert.equal(await page.getByRole('figure', { name: /cpu/ }).count(), 0);
  await log(60, 200);
  await loss.getByRole('img', { name: /200 points/ }).waitFor();
  await page.getByRole('slider', { name: 'Smoothing' }).fill('0.9');
  await loss.getByRole('button', { name: 'Show table' }).click();
  await loss.getByRole('columnheader', { name: 'train/loss, as logged' }).waitFor();
  await loss.getByRole('button', { name: 'Show chart' }).click();
  await page.getByRole('button', { name: 'Log axis' }).click();
  await page.getByRole('combobox', { name: 'Horizontal axis' }).click();
  await page.getByRole('option', { name: 'Over time since start' }).click();
  await loss.getByRole('img', { name: /200 points/ }).waitFor();
  await looksRight(page);
  await page.getByRole('tab', { name: 'System' }).click();
  await page.getByRole('figure', { name: 'cpu_utilization_percentage' }).waitFor();
  await client.post(`${runs}/${run.id}/finish`, { outcome: 'failed' });
  await page.getByText('failed').first().waitFor();
});

test('a run is described, tagged, renamed, and leads to the runs within it', { skip }, async () => {
  const run = await startRun('parent');
  const child = await startRun('child', { parentRun: run.id });
  await startRun('other child', { parentRun: run.id });
  const page = await face.open(`/runs/${run.id}`);
  await page.getByRole('button', { name: 'Describe' }).click();
  await page.getByRole('textbox', { name: 'Description, as Markdown' }).fill('# What it shows\n\nVery **much**. <script>bad()</script>');
  await page.getByRole('button', { name: 'Save description' }).click();
  await page.getByRole('heading', { name: 'What it shows' }).waitFor();
  await page.getByRole('textbox', { name: 'Name of a new tag' }).fill('team');
  await page.getByRole('textbox', { name: 'Value of the new tag' }).fill('red');
  await page.getByRole('button', { name: 'Add tag' }).click();
  await page.getByText('team: red').waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: 'Take the tag team away' }).click();
  await page.getByText('team: red').waitFor({ state: 'detached' });
  assert.match((await face.ripen.client.get<RunWire>(`${runs}/${run.id}`)).tags['mlflow.note.content'] ?? '', /^# What/);

  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Rename…' }).click();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill('the parent');
  await page.getByRole('button', { name: 'Rename run' }).click();
  await page.getByRole('heading', { name: 'the parent' }).waitFor();
  await page.getByRole('tab', { name: /Nested runs/ }).click();
  await page.getByRole('link', { name: 'child', exact: true }).click();
  await page.getByRole('heading', { name: 'child', exact: true }).waitFor();
  assert.match(page.url(), new RegExp(child.id));
});

const model = `flavors:
  python_function:
    loader_module: mlflow.sklearn
  sklearn:
    sklearn_version: 1.5.1
signature:
  inputs: '[{"type": "double", "name": "distance", "required": true}]'
`;
const hostile = `<h1>Report</h1><p id="told">not run</p><script>
  const told = document.getElementById('told');
  fetch('/api/v1/projects').then(() => { told.textContent = 'reached' }, () => { told.textContent = 'blocked, ' + origin });
  try { parent.document.title = 'taken' } catch { }
</script>`;

test('files are shown by their kind: tables, pictures, models, JSON, sound; a page with scripts reaches nothing', { skip }, async () => {
  const run = await startRun('files');
  await keep(run.id, 'notes/card.md', '# The card\n\nSays **much**.');
  await keep(
    run.id,
    'slices.csv',
    `slice,auc\n"hour=5, early",0.61\n${Array.from({ length: 150 }, (_, row) => `s${row},0.5`).join('\n')}\n`,
  );
  await keep(run.id, 'report.html', hostile);
  await keep(run.id, 'model/MLmodel', model);
  await keep(run.id, 'model/model.pkl', new Uint8Array([128, 4, 0, 0]));
  await keep(run.id, 'config.json', '{"rate": 0.1, "layers": [1, 2]}');
  await keep(run.id, 'plot.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"/></svg>');
  const page = await face.open(`/runs/${run.id}?tab=artifacts`);
  await page.getByText(/7 files, /).waitFor();

  await page.getByRole('button', { name: /slices\.csv/ }).click();
  await page.getByRole('cell', { name: 'hour=5, early' }).waitFor();
  await page.getByText('rows 1 to 100 of 151').waitFor();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('rows 101 to 151 of 151').waitFor();
  assert.match(page.url(), /artifact=slices\.csv/);
  await looksRight(page);

  await page.getByRole('button', { name: /report\.html/ }).click();
  const frame = page.frameLocator('iframe');
  await frame.getByText(/^blocked, /).waitFor();
  assert.equal(await frame.locator('#told').textContent(), 'blocked, null', 'the page has an origin of its own');
  assert.doesNotMatch(await page.title(), /taken/);

  await page.getByRole('button', { name: /config\.json/ }).click();
  await page.getByText('layers').waitFor();
  await page.getByRole('button', { name: /plot\.svg/ }).click();
  await page.getByRole('img', { name: 'plot.svg' }).waitFor();
  await page.getByRole('button', { name: 'model', exact: false }).filter({ hasText: '2 files' }).click();
  await page.getByText('python_function, sklearn 1.5.1').waitFor();
  await page.getByRole('cell', { name: 'distance' }).waitFor();
  await page.getByRole('button', { name: /model\.pkl/ }).click();
  await page.getByText(/There is no preview of/).waitFor();
  const [zip] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /^Zip/ }).click()]);
  assert.match(zip.suggestedFilename(), /\.zip$/);
  await page.goto(`${face.ripen.address}/shop/runs/${run.id}?artifact=notes%2Fcard.md`);
  await page.getByRole('heading', { name: 'The card' }).waitFor();
  await looksRight(page);
});

test('an address that MLflow’s clients print leads to the run, and one of an experiment to its runs', { skip }, async () => {
  const run = await startRun('printed');
  const page = await face.open('/runs');
  await page.goto('about:blank');
  await page.goto(`${face.ripen.address}/#/experiments/${run.experimentSequence}/runs/${run.id}`);
  await page.getByRole('heading', { name: 'printed' }).waitFor();
  assert.match(page.url(), new RegExp(`/shop/runs/${run.id}`));
  await page.goto('about:blank');
  await page.goto(`${face.ripen.address}/#/experiments/${run.experimentSequence}`);
  await page.getByRole('grid', { name: 'Runs' }).getByRole('link', { name: 'printed' }).waitFor();
  assert.match(page.url(), /experiment=live/);
});

test('the run fits a narrow dark screen', { skip }, async () => {
  const run = await startRun('narrow');
  await face.ripen.client.post(`${runs}/${run.id}/log`, { metrics: [1, 2, 3].map((step) => ({ name: 'loss', step, value: 1 / step })) });
  const page = await face.open(`/runs/${run.id}?tab=curves`, { ...narrow, ...dark });
  await page.getByRole('figure', { name: 'loss' }).waitFor();
  await looksRight(page);
  await page.getByRole('tab', { name: 'Overview' }).click();
  await page.getByRole('region', { name: 'Metrics' }).first().waitFor();
  await looksRight(page);
});
