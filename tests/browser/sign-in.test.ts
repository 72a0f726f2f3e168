import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { launch, ripenJson } from '../testing/launch.ts';
import { temporaryFolder } from '../testing/temporary.ts';
import { skip } from './browser.ts';

test('where tokens are demanded a browser signs in once, and a wrong token is told', { skip }, async (t) => {
  const home = temporaryFolder();
  const environment = { RIPEN_AUTH: 'tokens' };
  const { secret } = await ripenJson<{ secret: string }>(['token', 'create', 'browser'], { home, environment });
  const ripen = await launch({ home, environment });
  t.after(() => ripen.stop());
  const browser = await chromium.launch({
    executablePath: process.env['RIPEN_TEST_CHROMIUM'] ?? '',
    args: ['--no-sandbox', '--disable-gpu'],
  });
  t.after(() => browser.close());
  const page = await (await browser.newContext()).newPage();
  await page.goto(ripen.address);
  await page.getByLabel('Access token').fill('ripen_wrong');
  await page.keyboard.press('Enter');
  await page.getByText('the token is not known').waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  assert.deepEqual(
    violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id),
    [],
  );
  await page.getByLabel('Access token').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('ripen init').first().waitFor();
  const cookie = (await page.context().cookies()).find(({ name }) => name === 'ripen_token');
  assert.deepEqual([cookie?.httpOnly, cookie?.sameSite], [true, 'Strict']);
});
