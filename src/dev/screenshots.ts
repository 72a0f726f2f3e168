import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import type { ReleasePageWire } from '#delivery/index.ts';
import type { WindowWire } from '#monitoring/index.ts';
import type { PipelineRunWire } from '#pipelines/index.ts';
import { installation } from '#server/index.ts';
import type { RunWire } from '#tracking/index.ts';

const project = 'flights';
const sizes = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } } as const;

/** Which pages are shown how; the names are those of the files in `docs/screenshots`. */
const looks = [
  { scheme: 'light', size: 'wide', suffix: 'light' },
  { scheme: 'dark', size: 'wide', suffix: 'dark' },
  { scheme: 'light', size: 'narrow', suffix: 'narrow' },
] as const;

/**
 * Takes the pictures of `docs/screenshots` from a server that has finished the tour, at RIPEN_URL or the default address.
 * Needs Chromium; RIPEN_TEST_CHROMIUM names it when it is not /usr/bin/chromium.
 */
export async function takeScreenshots(only: readonly string[]): Promise<number> {
  const base = process.env['RIPEN_URL'] ?? 'http://127.0.0.1:7473';
  const directory = join(installation, 'docs/screenshots');
  mkdirSync(directory, { recursive: true });
  const pages = Object.entries(await addresses(base)).filter(([name]) => only.length === 0 || only.includes(name));
  const executablePath = process.env['RIPEN_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
  try {
    for (const look of looks) await take(browser, pages, { look, directory, base });
  } finally {
    await browser.close();
  }
  return 0;
}

async function take(
  browser: Browser,
  pages: readonly (readonly [string, string])[],
  { look, directory, base }: { look: (typeof looks)[number]; directory: string; base: string },
): Promise<void> {
  const context = await browser.newContext({ viewport: sizes[look.size], colorScheme: look.scheme });
  const page = await context.newPage();
  for (const [name, path] of pages) {
    await page.goto(`${base}/${project}${path}`);
    // The live stream keeps the network busy for ever, so its silence cannot be waited for.
    await page.waitForTimeout(2000);
    await page.screenshot({ path: join(directory, `${name}-${look.suffix}.png`) });
  }
  await context.close();
}

async function addresses(base: string): Promise<Record<string, string>> {
  const get = async <Item>(path: string): Promise<Item[]> => {
    const response = await fetch(`${base}/api/v1/projects/${project}${path}`);
    return ((await response.json()) as { items: Item[] }).items;
  };
  const runs = await get<RunWire>('/runs');
  const [training] = await get<PipelineRunWire>('/pipeline-runs?pipeline=train');
  const releases = await get<ReleasePageWire['items'][number]>('/releases');
  const windows = await get<WindowWire>('/monitoring/flight-delay/windows?limit=40');
  return {
    ladder: '/ladder',
    data: '/data',
    dataset: '/data/flights',
    pipelines: '/pipelines',
    'pipeline-run': `/pipelines/${training?.id}`,
    runs: '/runs',
    run: `/runs/${runs[0]?.id}`,
    'run-curves': `/runs/${runs[0]?.id}?tab=curves`,
    'run-artifacts': `/runs/${runs[0]?.id}?tab=artifacts`,
    compare: `/runs/compare?ids=${runs
      .slice(0, 3)
      .map(({ id }) => id)
      .join(',')}`,
    'compare-table': `/runs/compare?tab=table&ids=${runs
      .slice(0, 3)
      .map(({ id }) => id)
      .join(',')}`,
    'compare-parallel': `/runs/compare?tab=parallel&ids=${runs
      .slice(0, 8)
      .map(({ id }) => id)
      .join(',')}`,
    models: '/models',
    'model-version': '/models/flight-delay/3',
    deployments: '/deployments',
    deployment: '/deployments/flight-delay',
    release: `/releases/${releases.find(({ state }) => state === 'refused')?.id}`,
    monitoring: '/monitoring',
    monitor: '/monitoring/flight-delay',
    window: `/monitoring/flight-delay/${windows.findLast(({ labelled }) => labelled > 0)?.start}`,
    events: '/events',
  };
}
