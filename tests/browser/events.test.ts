import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { runPipeline, shop } from '../testing/small-project.ts';
import { dark, type Face, looksRight, narrow, openFace, skip } from './browser.ts';

let face: Face;
// More than one page of events.
const runsWritten = 230;

before(async () => {
  if (skip !== false) return;
  face = await openFace();
  const { client } = face.ripen;
  await runPipeline(client, 'load');
  for (let number = 0; number < runsWritten; number += 1) await client.post(`${shop}/runs`, { experiment: 'many', name: `run ${number}` });
});
after(() => face?.close());

test('events are read to the beginning of the log, and one is proved in the browser', { skip }, async () => {
  const page = await face.open('/events');
  const grid = page.getByRole('grid', { name: 'Events' });
  await grid.getByRole('row').nth(1).focus();
  await looksRight(page);
  await page.keyboard.press('End');
  await page.waitForTimeout(300);
  await page.keyboard.press('End');
  await page.getByText('That is the beginning.').waitFor();
  await page.keyboard.press('End');
  await grid.getByText('project.created').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL(/number=1$/);
  const details = page.getByRole('complementary', { name: 'Event 1' });
  await details.getByText('In the log, checked in this browser').waitFor();
  await details.getByText('Path to the root').click();
  assert.ok((await details.locator('ol code').count()) > 5);
  await looksRight(page);
  await page.getByRole('button', { name: 'Newer event' }).click();
  await page.waitForURL(/number=2$/);
});

test('a forged answer is found by the browser, not believed', { skip }, async () => {
  const page = await face.open('/ladder');
  await page.route('**/api/v1/events/*/proof*', async (route) => {
    const answer = await route.fetch();
    // Only the words that are changed need to be known.
    const proof = (await answer.json()) as { event: { actor: { name: string } } };
    await route.fulfill({ json: { ...proof, event: { ...proof.event, actor: { ...proof.event.actor, name: 'Mallory' } } } });
  });
  await page.goto(`${face.ripen.address}/shop/events?number=3`);
  await page.getByText('The event is not the one that was logged').waitFor();
});

test('type, actor, text and subject filter the events and stay in the address', { skip }, async () => {
  const page = await face.open('/events?type=dataset');
  const grid = page.getByRole('grid', { name: 'Events' });
  await grid.getByText('dataset.snapshot.published').click();
  const details = page.getByRole('complementary');
  await details.getByRole('link', { name: 'Snapshot 1 of orders' }).waitFor();
  await details.getByRole('link', { name: /datasets\/orders\/snapshots\/1/ }).click();
  await page.waitForURL(/subject=/);
  await page.getByRole('button', { name: /Only datasets\/orders/ }).waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  const find = page.getByRole('searchbox', { name: 'Find in events' });
  await find.fill('project.created shop');
  await page.waitForURL(/find=project/);
  await grid.getByText('project.created').waitFor();
  assert.equal(await grid.getByRole('row').count(), 2, 'the head and the one event, which is on the second page');
  await find.fill('no such words');
  await page.getByRole('heading', { name: 'No event matches' }).waitFor();
});

test('a new event appears by itself, and the whole log is verified', { skip }, async () => {
  const page = await face.open('/events');
  await page.getByText('Live').waitFor();
  await page.getByRole('grid', { name: 'Events' }).getByRole('row').nth(1).waitFor();
  await face.ripen.client.post(`${shop}/runs`, { experiment: 'late', name: 'late' });
  await page.getByRole('grid', { name: 'Events' }).getByText('late').first().waitFor();
  await page.getByRole('button', { name: 'Verify the log' }).click();
  await page.getByText(/events are as they were written/).waitFor();
  await looksRight(page);
});

test('the events fit a telephone and the dark', { skip }, async () => {
  for (const options of [narrow, dark]) {
    const page = await face.open('/events', options);
    await page.getByRole('grid', { name: 'Events' }).getByRole('row').nth(1).waitFor();
    await looksRight(page);
    await page.goto(`${face.ripen.address}/shop/events?number=3`);
    await page.getByText('In the log, checked in this browser').waitFor();
    await looksRight(page);
  }
});
