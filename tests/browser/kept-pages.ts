import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page, Route } from 'playwright-core';
import { eventually } from '../testing/eventually.ts';
import { repository } from '../testing/launch.ts';

interface Kept {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The pages as the server gave them when the journey began: somebody who builds them anew meanwhile does not disturb it. */
export interface KeptPages {
  readonly answer: (page: Page) => Promise<void>;
}

/** Reads every built file through the server, with the headers that it sends. */
export async function keepPages(address: string): Promise<KeptPages> {
  const kept = await eventually('the pages are built', () => readAll(address));
  const start = kept.get('/');
  assert.ok(start !== undefined);
  const give = async (route: Route): Promise<void> => {
    const { status, headers, body } = kept.get(new URL(route.request().url()).pathname) ?? start;
    await route.fulfill({ status, headers: { ...headers }, body });
  };
  const isPage = (url: URL): boolean => url.origin === address && !/^\/api\b/.test(url.pathname);
  return {
    async answer(page) {
      await page.route(isPage, give);
    },
  };
}

async function readAll(address: string): Promise<ReadonlyMap<string, Kept>> {
  const files = readdirSync(join(repository, 'web/dist'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const folder = join(repository, 'web/dist');
  const paths = files.map(({ parentPath, name }) => `${parentPath.slice(folder.length)}/${name}`);
  const kept = new Map<string, Kept>();
  for (const path of ['/', ...paths]) {
    const answer = await fetch(address + path);
    assert.equal(answer.status, 200, path);
    const headers = Object.fromEntries(
      [...answer.headers].filter(([name]) => !/^(?:content-(?:encoding|length)|transfer-encoding)$/.test(name)),
    );
    kept.set(path, { status: answer.status, headers, body: Buffer.from(await answer.arrayBuffer()) });
  }
  const script = /src="(\/assets\/[^"]+)"/.exec(kept.get('/')?.body.toString() ?? '')?.[1];
  assert.ok(script !== undefined && kept.has(script), 'the first page and its script are of one build');
  return kept;
}
