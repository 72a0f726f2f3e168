import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AssessmentWire } from '../../src/maturity/wire.ts';
import { runPipeline, shop } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;
let early: AssessmentWire;

before(async () => {
  if (skip !== false) return;
  face = await openFace();
  const { client } = face.ripen;
  early = await client.post<AssessmentWire>(`${shop}/assessments`);
  await runPipeline(client, 'load');
  await runPipeline(client, 'train');
  await client.post(`${shop}/assessments`);
});
after(() => face?.close());

test('the ladder says how far the project is, what comes next and what every criterion rests on', { skip }, async () => {
  const page = await face.open('/ladder');
  await page.getByText('No stage reached yet').waitFor();
  assert.equal(await page.getByRole('group', { name: 'Stages' }).getByRole('button').count(), 4);
  await page.getByRole('heading', { name: 'Next best step' }).waitFor();
  await page.getByText('One person works here.').waitFor();
  await page.getByRole('figure', { name: 'Stage scores' }).waitFor();
  const criteria = page.getByRole('grid', { name: 'Criteria', exact: true });
  await criteria.getByRole('row', { name: /I-TOL-1.*met/ }).waitFor();
  assert.ok((await criteria.getByText('not met (no data)').count()) > 5);
  await page.getByRole('grid', { name: 'Criteria that are not yet measurable' }).waitFor();
  await looksRight(page);
});

test('a criterion opens by keyboard beside the list and leads to its events and back', { skip }, async () => {
  const page = await face.open('/ladder');
  const row = page.getByRole('row', { name: /L-DAT-2/ });
  await row.focus();
  await page.keyboard.press('Enter');
  const details = page.getByRole('complementary', { name: /^L-DAT-2/ });
  await details.getByText('Bad data trains without complaint.').waitFor();
  await details.getByRole('heading', { name: 'Evidence' }).waitFor();
  await looksRight(page);
  await details.getByRole('region', { name: 'Evidence' }).getByRole('link').first().click();
  await page.waitForURL(/\/shop\/events\?number=\d+$/);
  await page.getByText('In the log, checked in this browser').waitFor();
  await page.goBack();
  await details.waitFor();
  await row.focus();
  await page.keyboard.press('Escape');
  await details.waitFor({ state: 'detached' });
});

test('stage and status filter the list and stay in the address', { skip }, async () => {
  const page = await face.open('/ladder');
  await page.getByRole('button', { name: /^Repeatable:/ }).click();
  await page.waitForURL(/stage=repeatable/);
  const criteria = page.getByRole('grid', { name: 'Criteria', exact: true });
  await criteria.getByText('I-TOL-1').waitFor({ state: 'detached' });
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Met', exact: true }).click();
  await page.waitForURL(/status=pass/);
  await criteria.getByText('not met').first().waitFor({ state: 'detached' });
  const ids = await criteria.locator('code').allTextContents();
  await page.reload();
  await criteria.locator('code').first().waitFor();
  assert.deepEqual(await criteria.locator('code').allTextContents(), ids);
});

test('the ladder of a past event is shown, and proved against the log of today', { skip }, async () => {
  const page = await face.open('/ladder');
  await page.getByRole('button', { name: 'As of now' }).click();
  await page.getByLabel('or event number').fill(String(early.upTo));
  await page.keyboard.press('Enter');
  await page.waitForURL(new RegExp(`at=${early.upTo}$`));
  await page.getByText(`computed from the first ${early.upTo} events`).waitFor();
  await page.getByRole('button', { name: 'Verify' }).click();
  const proof = page.getByRole('region', { name: 'Proof' });
  await proof.getByText('Verified', { exact: true }).waitFor();
  await proof.getByText(new RegExp(`The log of then is the first ${early.upTo} of today's`)).waitFor();
  await looksRight(page);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.getByText('computed from the first').waitFor({ state: 'detached' });
});

test('the ladder of now is recorded, computed again and found in the log', { skip }, async () => {
  const page = await face.open('/ladder');
  await page.getByRole('button', { name: 'Verify' }).click();
  const proof = page.getByRole('region', { name: 'Proof' });
  await proof.getByText('Verified', { exact: true }).waitFor();
  await proof.getByRole('link', { name: /^event \d+/ }).waitFor();
});

test('the ladder fits a telephone and the dark', { skip }, async () => {
  await looksRight(await opened('/ladder', dark));
  await looksRight(await opened('/ladder', narrow));
  const page = await face.open('/ladder?criterion=L-DAT-2', { ...narrow, ...dark });
  await page.getByRole('complementary', { name: /^L-DAT-2/ }).waitFor();
  await looksRight(page);
});

async function opened(path: string, options: Parameters<Face['open']>[1]) {
  const page = await face.open(path, options);
  await page.getByRole('figure', { name: 'Stage scores' }).waitFor();
  return page;
}
