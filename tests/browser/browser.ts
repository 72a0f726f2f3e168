import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { launch, type Ripen } from '../testing/launch.ts';
import { createShop, writeSmallProject } from '../testing/small-project.ts';
import { keepPages, type KeptPages } from './kept-pages.ts';

const executablePath = process.env['RIPEN_TEST_CHROMIUM'];

/** Why browser journeys are not run here, or false. */
export const skip = executablePath === undefined ? 'RIPEN_TEST_CHROMIUM does not name a Chromium' : false;

export const narrow: BrowserContextOptions = { viewport: { width: 390, height: 844 } };
export const dark: BrowserContextOptions = { colorScheme: 'dark' };

/** A server with the small project `shop`, and a browser that looks at it. */
export interface Face {
  readonly ripen: Ripen;
  /** Where the project lies. */
  readonly folder: string;
  /** Opens a path of the project, such as `/runs`, in a window of its own. A fault of the page ends the test when it closes. */
  open(path: string, options?: BrowserContextOptions): Promise<Page>;
  /** Everything is ended; faults that pages wrote to their console are told. */
  close(): Promise<void>;
}

/** For a test file's `before`; its `after` calls `close`. `files` are added to the project, `pipelines` are further lines under that word of ripen.yaml. */
export async function openFace(files: Readonly<Record<string, string>> = {}, pipelines = ''): Promise<Face> {
  // Not by a helper that cleans up after the hook in which it is called: the folder must live until `close`.
  const home = mkdtempSync(join(tmpdir(), 'ripen-browser-'));
  const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  const ripen = await launch({ home });
  const faults: string[] = [];
  let browser: Browser | undefined;
  let pages: KeptPages | undefined;
  try {
    pages = await keepPages(ripen.address);
    await createShop(ripen.client, await writeSmallProject(join(home, 'shop'), files, pipelines));
    browser = await chromium.launch({
      ...(executablePath === undefined ? {} : { executablePath }),
      args: ['--no-sandbox', '--disable-gpu'],
    });
  } catch (error) {
    await ripen.stop();
    remove();
    throw error;
  }
  const opened = browser;
  const built = pages;
  return {
    ripen,
    folder: join(home, 'shop'),
    async open(path, options = {}) {
      const context = await opened.newContext({ viewport: { width: 1440, height: 900 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await built.answer(page);
      page.on('pageerror', (error) => faults.push(`${page.url()}: ${error.stack ?? error.message}`));
      page.on('console', (message) => {
        // A refused request is told by the page itself; the browser repeats it here. So it does what files in a frame are denied.
        const told =
          message.text().startsWith('Failed to load resource') ||
          /framed=true|Content Security Policy directive: "default-src 'none'"/.test(`${message.text()} ${message.location().url}`);
        if (message.type() === 'error' && !told) faults.push(`${page.url()}: ${message.text()}`);
      });
      await page.goto(`${ripen.address}/shop${path}`);
      return page;
    },
    async close() {
      await opened.close();
      await ripen.stop();
      remove();
      assert.deepEqual(faults, []);
    },
  };
}

/** No serious fault for people who use assistive technology, and nothing that makes the page wider than its window. */
export async function looksRight(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  assert.deepEqual(
    serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    [],
    page.url(),
  );
  const wider = await page.locator('#main').evaluate((main) => main.scrollWidth - main.clientWidth);
  assert.ok(wider <= 0, `${page.url()} is ${wider} px wider than its window`);
}
