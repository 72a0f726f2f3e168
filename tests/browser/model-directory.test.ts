import { after, before, test } from 'node:test';
import type { ArtifactWire, RunWire } from '../../src/tracking/wire.ts';
import { shop } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;

const files: Readonly<Record<string, string>> = {
  MLmodel: `flavors:
  python_function:
    code: code
    env: {conda: conda.yaml}
    loader_module: mlflow.sklearn
    model_path: model.pkl
    predict_fn: predict
    python_version: 3.11.7
  sklearn: {code: code, pickled_model: model.pkl, serialization_format: cloudpickle, sklearn_version: 1.9.1}
mlflow_version: 3.11.1
saved_input_example_info: {artifact_path: input_example.json, pandas_orient: split, type: dataframe}
signature:
  inputs: '[{"type":"double","name":"distance","required":true},{"type":"array","items":{"type":"string"},"name":"tags","required":false}]'
  outputs: '[{"type":"tensor","tensor-spec":{"dtype":"int64","shape":[-1]}}]'
  params: '[{"name":"k","default":3,"shape":null,"type":"long"}]'
utc_time_created: '2026-11-23 08:09:19.992424'
`,
  'model.pkl': 'trees',
  'code/features/distance.py': 'pass',
  'conda.yaml': 'dependencies:\n- python=3.11.7\n- pip:\n  - scikit-learn==1.9.1\n',
  'input_example.json': '{"columns":["distance","tags"],"data":[[12.5,["late"]],[3,[]]]}',
};

before(async () => {
  if (skip !== false) return;
  face = await openFace();
  const { client } = face.ripen;
  const run = await client.post<RunWire>(`${shop}/runs`, { experiment: 'by hand', name: 'sklearn' });
  const digests: Record<string, string> = {};
  for (const [name, body] of Object.entries(files)) {
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await client.raw('PUT', `${shop}/runs/${run.id}/artifacts/${encodeURIComponent(name)}`, { body, headers });
    // What the endpoint answers with.
    digests[name] = ((await answer.json()) as ArtifactWire).digest;
  }
  await client.post(`${shop}/models/trees/versions`, { run: run.id, files: digests });
});
after(() => face?.close());

test('a version that MLflow wrote opens with its model directory', { skip }, async () => {
  for (const options of [{}, dark, narrow]) {
    const page = await face.open('/models/trees/1', options);
    await page.getByText('sklearn 1.9.1').waitFor();
    await page.getByRole('region', { name: 'Schema' }).first().getByText('array<string>').waitFor();
    await page.getByRole('list', { name: 'Files of the model directory' }).getByText('distance.py').waitFor();
    await page.getByRole('table').getByText('12.5').waitFor();
    await looksRight(page);
    await page.context().close();
  }
});

test('the files of a version are verified against its signature', { skip }, async () => {
  for (const options of [{}, narrow]) {
    const page = await face.open('/models/trees/1?tab=files', options);
    await page.getByText('by their recorded digests').waitFor();
    await page.getByRole('button', { name: 'Verify files' }).click();
    await page.getByText('every byte hashed again').waitFor();
    await looksRight(page);
    await page.context().close();
  }
});

test('a webhook is made, looked into, turned off and deleted', { skip }, async () => {
  const page = await face.open('/models');
  await page.getByRole('link', { name: 'Webhooks' }).click();
  await page.getByText('No webhook yet').waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: 'New webhook' }).click();
  await page.getByLabel('Name').fill('ci');
  await page.getByLabel('Address').fill('https://127.0.0.1/hook');
  await page.getByRole('button', { name: 'Create' }).click();
  // The dialog stays, with what was typed and the reason.
  await page.getByText(/is not public/).waitFor();
  await looksRight(page);
  // Nothing happens that it is told of, so nothing is sent there.
  await page.getByLabel('Address').fill('https://8.8.8.8/hook');
  await page.getByLabel('Secret').fill('hush');
  await page.getByRole('checkbox', { name: 'An alias points to a version', exact: true }).check();
  await page.getByRole('button', { name: 'Create' }).click();
  const details = page.getByRole('complementary', { name: 'ci' });
  await details.getByText('with its secret').waitFor();
  await details.getByText('model_version_alias.created').waitFor();
  await looksRight(page);
  await details.getByRole('button', { name: 'Turn off' }).click();
  await details.getByRole('button', { name: 'Turn on' }).waitFor();
  await details.getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('No webhook yet').waitFor();
  await page.context().close();
});

test('webhooks on a phone, in the dark', { skip }, async () => {
  const { client } = face.ripen;
  const url = `https://8.8.8.8/${'long/'.repeat(30)}`;
  await client.post(`${shop}/webhooks`, {
    name: 'chat',
    url,
    events: ['prompt.created', 'prompt_version.created', 'prompt_alias.created'],
  });
  const page = await face.open('/webhooks', { ...narrow, ...dark });
  await page.getByRole('grid', { name: 'Webhooks' }).getByRole('row', { name: /chat/ }).click();
  await page.getByText('no: it has no secret').waitFor();
  await looksRight(page);
  await page.context().close();
});
