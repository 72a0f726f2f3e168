import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { tinyModel } from '../../src/delivery/testing/tiny-model.ts';
import type { ArtifactWire, RunWire } from '../../src/tracking/wire.ts';
import { runPipeline, shop } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;

before(async () => {
  if (skip !== false) return;
  face = await openFace();
  const { client } = face.ripen;
  await runPipeline(client, 'load');
  const trained = await runPipeline(client, 'train');
  assert.equal(trained.registered?.version, 1, JSON.stringify(trained));
  await register(2, { auc: 0.7, input: 'x' });
  await register(3, { auc: 0.75, input: 'distance' });
  await client.put(`${shop}/models/delay/aliases/production`, { version: 3 });
});
after(() => face?.close());

/** Registers a version with an evaluation and a card, as a pipeline outside of Ripen does. */
async function register(number: number, { auc, input }: { auc: number; input: string }): Promise<void> {
  const { client } = face.ripen;
  const run = await client.post<RunWire>(`${shop}/runs`, { experiment: 'by hand', name: `by hand ${number}` });
  await client.post(`${shop}/runs/${run.id}/log`, { parameters: { rate: number / 10 }, metrics: [{ name: 'auc', value: auc, step: 0 }] });
  const evaluation = {
    rows: 500,
    metrics: { auc, baseline_auc: 0.6, log_loss: 0.4, calibration_error: 0.02 },
    calibration: [0, 1, 2, 3].map((bin) => ({
      lower: bin / 4,
      upper: (bin + 1) / 4,
      count: 125,
      predicted: bin / 4 + 0.1,
      observed: bin / 4 + 0.12,
    })),
    slices: ['half=a', 'half=b', 'place=Rome'].map((slice, index) => ({ slice, count: 100, auc: 0.5 + index / 10, baseline_auc: 0.55 })),
  };
  const card = `# Delay\n\n## Intended use\n\nTo see version ${number} of a tiny model in a browser.\n\n| a | b |\n| - | - |\n| 1 | 2 |\n`;
  const files = {
    'model.onnx': tinyModel({ weight: number, bias: 0, input }),
    'evaluation.json': JSON.stringify(evaluation),
    'card.md': card,
  };
  const digests: Record<string, string> = {};
  for (const [name, content] of Object.entries(files)) {
    const headers = { 'content-type': 'application/octet-stream' };
    const body = typeof content === 'string' ? content : Buffer.from(content);
    const answer = await client.raw('PUT', `${shop}/runs/${run.id}/artifacts/${name}`, { body, headers });
    // What the endpoint answers with.
    digests[name] = ((await answer.json()) as ArtifactWire).digest;
  }
  await client.post(`${shop}/runs/${run.id}/finish`, { outcome: 'finished' });
  await client.post(`${shop}/models/delay/versions`, { run: run.id, files: digests });
}

test('models lead to their versions, and two of them are compared', { skip }, async () => {
  const page = await face.open('/models');
  const row = page.getByRole('grid', { name: 'Models' }).getByRole('row', { name: /delay/ });
  await row.getByText('0.7500').waitFor();
  await looksRight(page);
  await row.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/models\/delay$/);
  await page.getByText('production: 3').waitFor();
  const versions = page.getByRole('grid', { name: 'Versions' });
  await versions.getByRole('checkbox', { name: 'Pick 2' }).check();
  await versions.getByRole('checkbox', { name: 'Pick 3' }).check();
  await page.waitForURL(/before=2&after=3/);
  const comparison = page.getByRole('region', { name: 'Version 2 compared with version 3' });
  await comparison.getByText('+0.05, better').waitFor();
  await comparison.getByText('input distance').waitFor();
  await comparison.getByText('breaks callers').first().waitFor();
  await looksRight(page);
});

test('a version shows what it scored, its card, signature, files and lineage', { skip }, async () => {
  const page = await face.open('/models/delay/3');
  await page.getByRole('figure', { name: 'Calibration' }).waitFor();
  await page.getByRole('table', { name: 'Against the baseline' }).getByText('+0.15, better').waitFor();
  await page.getByRole('table', { name: 'AUC by half' }).getByText('below baseline').waitFor();
  await page.getByRole('combobox', { name: 'Slices by' }).click();
  await page.getByRole('option', { name: 'by place' }).click();
  await page.getByRole('table', { name: 'AUC by place' }).waitFor();
  await looksRight(page);
  for (const [tab, seen] of [
    ['Card', 'To see version 3 of a tiny model'],
    ['Signature', 'distance'],
    ['Files', 'evaluation.json'],
    ['Lineage', 'by hand 3'],
  ] as const) {
    await page.getByRole('tab', { name: new RegExp(`^${tab}`) }).click();
    await page.getByRole('tabpanel').getByText(seen).first().waitFor();
    await looksRight(page);
  }
  await page.getByRole('button', { name: /^by hand 3/ }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/shop\/runs\//);
});

test('the lineage of a pipeline goes from its data to its version', { skip }, async () => {
  const page = await face.open('/models/delay/1?tab=lineage');
  const graph = page.getByRole('figure', { name: 'Lineage' });
  await graph.getByRole('button', { name: /^orders @1/ }).waitFor();
  assert.match((await graph.getByRole('button', { name: /pipeline run/ }).textContent()) ?? '', /leads to/);
  await page.getByRole('tab', { name: 'Evaluation' }).click();
  await page.getByRole('heading', { name: 'This version was not evaluated' }).waitFor();
});

test('what is not there says so, and the pages fit a telephone and the dark', { skip }, async () => {
  const missing = await face.open('/models/delay/99');
  await missing.getByRole('alert').getByText('registry.version-not-found').waitFor();
  for (const options of [narrow, dark]) {
    const page = await face.open('/models/delay/3', options);
    await page.getByRole('figure', { name: 'Calibration' }).waitFor();
    await looksRight(page);
    await page.goto(`${face.ripen.address}/shop/models/delay?before=2&after=3`);
    await page.getByText('breaks callers').first().waitFor();
    await looksRight(page);
  }
});
