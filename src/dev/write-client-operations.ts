import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadConfig } from '#kernel/config/index.ts';
import { silentLog } from '#kernel/log.ts';
import { type Composition, installation, serve } from '#server/index.ts';
import { clientOperations, type OpenApi } from './client-operations.ts';

/** Writes what the client knows of the API, from a server that is started for it. @returns the exit status */
export async function writeClientOperations(): Promise<number> {
  const home = await mkdtemp(join(tmpdir(), 'ripen-client-'));
  try {
    const { operations, routes } = clientOperations(await openApiOf(home));
    await writeFile(join(installation, 'src/client/operations.ts'), operations);
    await writeFile(join(installation, 'src/client/routes.ts'), routes);
    return 0;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

async function openApiOf(home: string): Promise<OpenApi> {
  // Above this module, and the only file that knows all endpoints.
  const composition = (await import(pathToFileURL(join(installation, 'src/app.ts')).href)) as Composition;
  const environment = { RIPEN_HOME: home, RIPEN_PORT: '0', RIPEN_GATEWAY_PORT: '0' };
  const server = await serve(composition, loadConfig({ environment, directory: home }).settings, silentLog);
  try {
    return (await (await fetch(new URL('/api/v1/openapi.json', server.address))).json()) as OpenApi;
  } finally {
    await server.stop();
  }
}
