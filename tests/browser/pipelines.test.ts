import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { endOfRun, runPipeline } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;
before(async () => {
  if (skip === false) face = await openFace();
});
after(() => face?.close());

test('a pipeline is started from the page, followed live, and explained', { skip }, async () => {
  const page = await face.open('/pipelines');
  await page.getByRole('button', { name: 'Run load' }).click();
  const dialog = page.getByRole('dialog', { name: 'Run load' });
  assert.match((await dialog.textContent()) ?? '', /ripen pipeline run load --project shop/);
  await dialog.getByRole('button', { name: 'Start run' }).click();
  await page.getByRole('heading', { name: 'load', level: 1 }).waitFor();
  const id = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await endOfRun(face.ripen.client, id);
  // Without a reload.
  await page.getByRole('button', { name: /make/ }).first().click();
  const details = page.getByRole('complementary', { name: 'make' });
  await details.getByText('It ran', { exact: false }).waitFor();
  await details.getByRole('link', { name: 'orders @ 1' }).waitFor();
  await page.getByText('succeeded').first().waitFor();
  assert.match(page.url(), /step=make/, 'the open step has an address');
  await looksRight(page);

  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
  await page.goBack();
  await page.getByRole('grid', { name: 'Pipeline runs' }).getByRole('link', { name: 'load' }).waitFor();
  await looksRight(page);
});

test('a second run says that nothing changed, on a narrow dark screen too', { skip }, async () => {
  const run = await runPipeline(face.ripen.client, 'load');
  const page = await face.open(`/pipelines/${run.id}?step=make`, { ...narrow, ...dark });
  await page.getByText('reused').first().waitFor();
  await page.getByText('command, code, environment, parameters and inputs are those of', { exact: false }).waitFor();
  await looksRight(page);
});

test('a pipeline run that does not exist says so, with the code', { skip }, async () => {
  const page = await face.open('/pipelines/nothing');
  await page.getByRole('alert').getByText('pipelines.pipeline-run-not-found').waitFor();
});
