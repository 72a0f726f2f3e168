import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { launch } from '../tests/testing/launch.ts';
import { measure, type Row } from './measuring/measure.ts';
import { figureOf } from './measuring/summary.ts';
import { inTemporaryFolder } from './measuring/temporary.ts';
import { makeManyRuns, manyRunsProject } from './settings/many-runs.ts';

const program = [process.env['RIPEN_TEST_CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);

await measure({
  name: 'page',
  title: 'The Runs page with 100,000 runs behind it',
  run: (options, say) =>
    inTemporaryFolder(async (folder) => {
      if (program === undefined) throw new Error('No Chromium is installed; name one in RIPEN_TEST_CHROMIUM.');
      say('making 100,000 runs');
      const home = join(folder, 'home');
      await makeManyRuns(home, { count: 100_000 });
      const server = await launch({ home, node: process.execPath });
      const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
      try {
        say('opening the page');
        const visits: Visit[] = [];
        for (let round = 0; round < (options.quick ? 3 : 7); round++)
          visits.push(await visit(browser, `${server.address}/${manyRunsProject}/runs`));
        const first = await visit(browser, server.address);
        return rowsOf(visits, first);
      } finally {
        await browser.close();
        await server.stop();
      }
    }),
});

interface Visit {
  /** Milliseconds from the request for the page. */
  readonly interactive: number;
  /** Bytes over the network, and after decompression. */
  readonly script: { readonly sent: number; readonly whole: number; readonly files: number };
}

/** With an empty cache, until the page is drawn and answers a key: the first rows, or on the home page its heading. */
async function visit(browser: Browser, url: string): Promise<Visit> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(url, { waitUntil: 'commit' });
    const table = url.endsWith('/runs');
    await page.waitForSelector(table ? 'tbody tr a, [role=row] a' : 'h1', { timeout: 60_000 });
    // Two frames: drawn, and free for input.
    const interactive = await page.evaluate<number>(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))',
    );
    const found = await page.evaluate(() => {
      const scripts = performance.getEntriesByType('resource').filter(({ name }) => new URL(name).pathname.endsWith('.js'));
      // What the entries of resources are.
      const sizes = scripts as PerformanceResourceTiming[];
      return {
        sent: sizes.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
        whole: sizes.reduce((sum, { decodedBodySize }) => sum + decodedBodySize, 0),
        files: sizes.length,
      };
    });
    return { interactive, script: found };
  } finally {
    await context.close();
  }
}

function rowsOf(visits: readonly Visit[], first: Visit): readonly Row[] {
  const script = visits[0]?.script;
  return [
    {
      what: 'Runs page interactive, empty cache',
      ...figureOf(visits.map(({ interactive }) => interactive / 1000)),
      unit: 's',
      target: '1 s',
      note: 'Chromium without a screen on the same cores',
    },
    {
      what: 'script of the Runs page over the network',
      value: (script?.sent ?? Number.NaN) / 1000,
      unit: 'kB',
      target: '200 kB',
      note: `${script?.files} files, ${Math.round((script?.whole ?? 0) / 1000)} kB unpacked`,
    },
    {
      what: 'script of the first page over the network',
      value: first.script.sent / 1000,
      unit: 'kB',
      target: '200 kB',
      note: `${first.script.files} files, ${Math.round(first.script.whole / 1000)} kB unpacked`,
    },
  ];
}
