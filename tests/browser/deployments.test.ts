import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ReleaseStoryWire, ReleaseWire } from '../../src/delivery/wire.ts';
import { eventually } from '../testing/eventually.ts';
import { deployment, releaseFirst, runPipeline, shop, shopDefinition } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

/** Half of the traffic for as long as nobody asks; one person may approve what they asked for. */
const patient = `canary: [50, 100]
    rollout: { minimum_requests: 100000, step_timeout: 10m }
    approvals: { needed: 1, author_may_approve: true }`;

let face: Face;
before(async () => {
  if (skip !== false) return;
  face = await openFace();
  await releaseFirst(face.ripen.client);
});
after(() => face?.close());

test('what serves is seen, tried and released anew from the page', { skip }, async () => {
  const page = await face.open('/deployments');
  await page.getByRole('article', { name: 'Deployment delay' }).getByRole('link', { name: 'delay' }).click();
  const production = page.getByRole('article', { name: 'delay in production' });
  await production.getByText('serving').waitFor();
  assert.match((await production.textContent()) ?? '', /curl -s http:\/\/127\.0\.0\.1:\d+\/v2\/models\/delay\/infer/);

  await page.getByRole('button', { name: 'Fill in an example' }).click();
  assert.ok(Number.isFinite(Number(await page.getByLabel('x', { exact: true }).inputValue())));
  await page.getByLabel('x', { exact: true }).fill('many');
  await page.getByRole('button', { name: 'Predict' }).click();
  await page.getByText('Write a number.').waitFor();
  await page.getByLabel('x', { exact: true }).fill('0');
  await page.getByRole('button', { name: 'Predict' }).click();
  await page.getByRole('status').getByText('0.5').first().waitFor();
  await looksRight(page);

  writeFileSync(join(face.folder, 'card.md'), '# Delay, second edition\n');
  const trained = await runPipeline(face.ripen.client, 'train');
  assert.equal(trained.registered?.version, 2);
  await page.getByRole('button', { name: 'Release a version' }).click();
  const dialog = page.getByRole('dialog', { name: 'Release to delay' });
  await dialog.getByLabel('Reason').fill('Again');
  await dialog.getByRole('button', { name: 'Release', exact: true }).click();
  await page.getByRole('heading', { name: 'Release 2' }).waitFor();
  await page.getByRole('list', { name: 'Way of the release' }).waitFor();
  await page
    .getByText(/released|refused/)
    .first()
    .waitFor({ timeout: 120_000 });
  await page.getByText('auc over baseline').first().waitFor();
  await looksRight(page);
});

test('production goes back to the version before, with a reason', { skip }, async () => {
  const page = await face.open('/deployments/delay');
  const production = page.getByRole('article', { name: 'delay in production' });
  await production.getByRole('button', { name: 'Roll back to version 1' }).click();
  const dialog = page.getByRole('dialog', { name: 'Roll back delay in production' });
  const confirm = dialog.getByRole('button', { name: 'Roll back', exact: true });
  assert.ok(await confirm.isDisabled(), 'a rollback needs a reason');
  await dialog.getByLabel('Reason').fill("Guests' complaints");
  await looksRight(page);
  await confirm.click();
  await dialog.waitFor({ state: 'detached' });
  await production.getByText('revision 1').first().waitFor();
  await production.getByRole('link', { name: '1', exact: true }).first().waitFor();
  await page.getByRole('table', { name: 'Revisions' }).getByText("Guests' complaints").first().waitFor();
});

test('a release is approved, its rollout paused, resumed and aborted, and another release is cancelled', { skip }, async () => {
  writeFileSync(join(face.folder, 'ripen.yaml'), shopDefinition.replace('canary: [100]', patient));
  writeFileSync(join(face.folder, 'card.md'), '# Delay, third edition\n');
  const { client } = face.ripen;
  await client.post(`${shop}/pipelines`);
  const trained = await runPipeline(client, 'train');
  assert.equal(trained.registered?.version, 3, JSON.stringify(trained));
  const start = (reason: string) => client.post<ReleaseWire>(`${shop}/releases`, { deployment, version: 3, reason });
  const { id } = await start('Third');
  const page = await face.open(`/releases/${id}`);
  await page.getByText('awaiting approval').first().waitFor();
  await waiting(id);
  await looksRight(page);
  await page.getByRole('button', { name: 'Approve' }).click();
  const approve = page.getByRole('dialog', { name: /Approve release/ });
  await approve.getByLabel('Comment').fill('Checked the slices');
  await approve.getByRole('button', { name: 'Approve' }).click();
  await page.getByText('Checked the slices').waitFor();

  await page.goto(`${face.ripen.address}/shop/deployments/delay`);
  const rollout = page.getByRole('region', { name: 'Rollout in production' });
  await rollout.getByText('judging').first().waitFor({ timeout: 60_000 });
  for (const [verb, then] of [
    ['Pause', 'paused'],
    ['Resume', 'judging'],
    ['Abort', 'cancelled'],
  ] as const) {
    await rollout.getByRole('button', { name: verb, exact: true }).click();
    const dialog = page.getByRole('dialog', { name: `${verb} this rollout` });
    await dialog.getByLabel('Reason').fill(`${verb} for a look`);
    await looksRight(page);
    await dialog.getByRole('button', { name: new RegExp(`^${verb}`) }).click();
    await dialog.waitFor({ state: 'detached' });
    await rollout.getByText(then).first().waitFor();
    await looksRight(page);
  }

  const next = await start('Fourth');
  await waiting(next.id);
  await page.goto(`${face.ripen.address}/shop/releases/${next.id}`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  const cancel = page.getByRole('dialog', { name: /Cancel release/ });
  await cancel.getByLabel('Reason').fill('Not today');
  await cancel.getByRole('button', { name: 'Cancel release' }).click();
  await page.getByText('cancelled').first().waitFor();
  await page.getByText('Not today').first().waitFor();
  await looksRight(page);
});

function waiting(release: string): Promise<ReleaseStoryWire> {
  return eventually(
    'the release waits for an approval',
    async () => {
      const story = await face.ripen.client.get<ReleaseStoryWire>(`${shop}/releases/${release}`);
      assert.equal(story.finishedAt, undefined, JSON.stringify(story));
      return story.state === 'awaiting-approval' ? story : undefined;
    },
    120_000,
  );
}

test('the pages of deployments and releases fit a narrow dark screen', { skip }, async () => {
  const page = await face.open('/deployments/delay', { ...narrow, ...dark });
  await page.getByRole('article', { name: 'delay in production' }).waitFor();
  await looksRight(page);
  await page.goto(`${face.ripen.address}/shop/releases`);
  await page.getByRole('grid', { name: 'Releases' }).getByRole('link', { name: '1', exact: true }).click();
  await page.getByRole('heading', { name: 'Release 1' }).waitFor();
  await page.getByText('No approval is asked for', { exact: false }).first().waitFor();
  await looksRight(page);
});
