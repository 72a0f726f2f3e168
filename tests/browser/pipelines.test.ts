import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { PipelineRunDetailWire } from '../../src/pipelines/wire.ts';
import { endOfRun, runPipeline, shop } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

/** Its second step waits as long as there is no file where the parameter says. */
const waiting = `
  patient:
    parameters: { gate: nowhere }
    steps:
      first:
        command: cp orders.csv "$RIPEN_OUTPUT_COPY"
        outputs: { copy: orders.csv }
      wait:
        command: echo "waiting for the gate"; test -f "$(cut -d'"' -f4 "$RIPEN_PARAMETERS")" || sleep 120; cp "$RIPEN_INPUT_COPY" "$RIPEN_OUTPUT_DONE"
        inputs: { copy: first/copy }
        outputs: { done: done.csv }
        parameters: [gate]`;

let face: Face;
before(async () => {
  if (skip === false) face = await openFace({}, waiting);
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

test('a run is started with another parameter, cancelled, retried, and run again', { skip }, async () => {
  const { client } = face.ripen;
  const gate = join(face.folder, '..', 'gate');
  const idOf = (): string => new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const page = await face.open('/pipelines');
  await page.getByRole('button', { name: 'Run patient' }).click();
  const start = page.getByRole('dialog', { name: 'Run patient' });
  await start.getByLabel('gate').fill(gate);
  assert.match((await start.textContent()) ?? '', /ripen pipeline run patient .*gate=/);
  await looksRight(page);
  await start.getByRole('button', { name: 'Start run' }).click();
  await page.getByRole('heading', { name: 'patient', level: 1 }).waitFor();
  const first = idOf();
  assert.deepEqual((await client.get<PipelineRunDetailWire>(`${shop}/pipeline-runs/${first}`)).parameters, { gate });
  const steps = page.getByRole('grid', { name: 'Step runs' });
  await steps.getByText('running').waitFor();
  await steps.getByRole('row', { name: /wait/ }).click();
  await page.getByRole('log', { name: 'Log of wait' }).getByText('waiting for the gate').waitFor();

  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  const cancel = page.getByRole('dialog', { name: 'Cancel this run' });
  await cancel.getByRole('button', { name: 'Back' }).click();
  await cancel.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await cancel.getByRole('button', { name: 'Cancel run' }).click();
  assert.equal((await endOfRun(client, first)).state, 'cancelled');
  await page.getByRole('button', { name: 'Retry' }).waitFor();
  await looksRight(page);

  writeFileSync(gate, '');
  await page.getByRole('button', { name: 'Retry' }).click();
  await page.getByRole('dialog', { name: 'Retry this run' }).getByRole('button', { name: 'Retry' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(first));
  const retried = await endOfRun(client, idOf());
  assert.equal(retried.state, 'succeeded', JSON.stringify(retried.steps));
  assert.equal(retried.retryOf, first);
  await steps.getByRole('row', { name: /wait.*succeeded.*done/ }).waitFor();

  await page.getByRole('button', { name: 'Run again' }).click();
  const again = page.getByRole('dialog', { name: 'Run patient' });
  assert.equal(await again.getByLabel('gate').inputValue(), gate, 'the values of the run stand there');
  await again.getByRole('button', { name: 'Start run' }).click();
  await page.waitForURL((url) => !url.pathname.endsWith(retried.id));
  assert.equal(
    (await endOfRun(client, idOf())).steps.every(({ state }) => state === 'cached'),
    true,
  );
  await looksRight(page);
});

test('a pipeline run that does not exist says so, with the code', { skip }, async () => {
  const page = await face.open('/pipelines/nothing');
  await page.getByRole('alert').getByText('pipelines.pipeline-run-not-found').waitFor();
});
