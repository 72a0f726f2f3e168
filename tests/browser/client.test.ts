import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { buildClient } from '#dev/client-package.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { type Face, openFace, skip } from './browser.ts';

let face: Face;

before(async () => {
  if (skip === false) face = await openFace();
});
after(() => face?.close());

// What a page does with the client, as the page's own text.
const program = `(async () => {
  const { connect, RipenRequestError } = await import('/client/index.js');
  const ripen = connect({ url: location.origin, project: 'shop' });
  const run = await ripen.runs.start({ experiment: 'page', parameters: { rate: 0.5 } });
  for (let step = 0; step < 1500; step++) await run.log({ loss: 1 / (step + 1) }, { step });
  await run.putArtifact('page.txt', new Blob(['from a page']));
  const { state } = await run.finish();
  const text = await (await run.artifacts.get('page.txt')).text();
  const points = (await run.history('loss').toArray()).length;
  const code = await ripen.runs.get('none').catch((error) => (error instanceof RipenRequestError ? error.code : error));
  return { state, text, points, code };
})()`;

test('the client works in a browser as it is', { skip }, async () => {
  const folder = temporaryFolder();
  assert.equal(await buildClient(folder), 0);
  const page = await face.open('/runs');
  await page.route('**/client/*.js', (route) => {
    const file = new URL(route.request().url()).pathname.replace('/client/', '');
    return route.fulfill({ contentType: 'text/javascript', body: readFileSync(join(folder, file), 'utf8') });
  });
  assert.deepEqual(await page.evaluate(program), {
    state: 'finished',
    text: 'from a page',
    points: 1500,
    code: 'tracking.run-not-found',
  });
});
