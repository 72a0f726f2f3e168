import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '#kernel/config/index.ts';
import type { MigrationSet } from '#kernel/database/index.ts';
import {
  type Admit,
  createDirectHandler,
  type DirectRoute,
  type Endpoint,
  endpoint,
  type HttpLog,
  type HttpServer,
  listen,
  mountEndpoints,
  openApiDocument,
} from '#kernel/http/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import type { Log } from '#kernel/log.ts';
import { openKernel } from '#kernel/open-kernel.ts';
import { sweepOrphans } from '#kernel/processes/index.ts';
import { createMetrics, startTracing, telemetryEndpoints } from '#kernel/telemetry/index.ts';
import { backupEndpoints, type Backups, createBackups, refuseUnfinishedRestore } from './backup/index.ts';
import { installation, version } from './version.ts';
import { webFiles } from './web-files.ts';

/** What a protocol needs to know of the server. */
export interface DirectServing {
  readonly nextRequestId: () => string;
  readonly failure: (error: unknown, requestId: string) => void;
}

/** Everything that Ripen does, as the server sees it. */
export interface App {
  readonly endpoints: readonly Endpoint[];
  readonly admit: Admit;
  /** Protocols that are answered without the router of the endpoints. */
  readonly direct?: {
    /** The paths of these protocols, also those that are no route. */
    readonly owned: RegExp;
    /** Of the OpenAPI document. */
    readonly paths: Readonly<Record<string, unknown>>;
    routes(serving: DirectServing): readonly DirectRoute[];
  };
  /** Starts what works by itself: jobs, subscriptions, supervised processes. `address`: where the server listens. */
  start(at: { readonly address: string }): Promise<void>;
  /** Stops it again, the youngest first. */
  stop(): Promise<void>;
}

/** What is served: the tables and how the app is put together over an open kernel. */
export interface Composition {
  readonly migrations: readonly MigrationSet[];
  createApp(kernel: Kernel): App;
}

export interface RunningServer {
  readonly address: string;
  readonly http: HttpServer;
  /** Ends everything that was started, children included. */
  stop(): Promise<void>;
}

/**
 * Starts one server on `settings.home`: opens it, brings the tables up to date, ends what a killed server left behind, and listens.
 * @throws `database.home-in-use`, `http.port-taken`, `backup.restore-unfinished`
 */
export async function serve(composition: Composition, settings: Settings, log: Log): Promise<RunningServer> {
  refuseUnfinishedRestore(settings.home);
  const opened = await openKernel(settings, log);
  const { kernel } = opened;
  const undo: (() => Promise<void>)[] = [() => opened.close()];
  try {
    await kernel.database.migrate(composition.migrations);
    const swept = await sweepOrphans(kernel.instance);
    if (swept > 0) log.warn({ processes: swept }, 'ended processes that an earlier server left behind');
    undo.push(await startTracing(settings.otelEndpoint, log));
    const app = composition.createApp(kernel);
    const backups = createBackups(kernel);
    const http = await openHttp(app, { settings, log, kernel, backups });
    undo.push(() => http.close());
    undo.push(() => backups.stop());
    const whereabouts = join(settings.home, 'server.json');
    writeFileSync(whereabouts, JSON.stringify({ address: http.address, pid: process.pid }));
    undo.push(async () => rmSync(whereabouts, { force: true }));
    await app.start({ address: http.address });
    undo.push(() => app.stop());
    log.info({ address: http.address, home: settings.home, version }, 'ripen is up');
    return { address: http.address, http, stop: () => stopAll(undo, log) };
  } catch (error) {
    await stopAll(undo, log);
    throw error;
  }
}

/** Undoes the youngest first; what cannot be undone any more (a home that was removed) keeps nothing else running. */
async function stopAll(undo: (() => Promise<void>)[], log: Log): Promise<void> {
  for (let next = undo.pop(); next !== undefined; next = undo.pop()) {
    await next().catch((error: unknown) => log.error({ err: error }, 'something could not be stopped in order'));
  }
}

function openHttp(
  app: App,
  { settings, log, kernel, backups }: { settings: Settings; log: Log; kernel: Kernel; backups: Backups },
): Promise<HttpServer> {
  const metrics = createMetrics({ events: kernel.events, version });
  const checks = [
    { name: 'database', check: () => kernel.events.head().then(() => {}) },
    { name: 'objects', check: () => kernel.objects.put('').then(() => {}) },
  ];
  const endpoints = [...app.endpoints, ...backupEndpoints(backups), ...telemetryEndpoints({ metrics, checks, version })];
  const document: Endpoint = endpoint({
    method: 'get',
    path: '/api/v1/openapi.json',
    id: 'server.openapi',
    action: 'public',
    summary: 'This document',
    rawResult: 'application/json',
    handle: () =>
      new Response(JSON.stringify(openApiDocument([...endpoints, document], version, app.direct?.paths)), {
        headers: { 'content-type': 'application/json' },
      }),
  });
  const nextRequestId = () => kernel.ids.next();
  const failure = (error: unknown, requestId: string): void => log.error({ err: error, requestId }, 'a request failed inside');
  const httpLog: HttpLog = {
    request(entry) {
      metrics.observeRequest(entry);
      log.debug(entry, 'request');
    },
    failure,
  };
  const router = mountEndpoints({ endpoints: [...endpoints, document], admit: app.admit, nextRequestId, log: httpLog });
  const direct = createDirectHandler({
    routes: app.direct === undefined ? [] : app.direct.routes({ nextRequestId, failure }),
    ...(app.direct === undefined ? {} : { owned: app.direct.owned }),
    nextRequestId,
    observe: (entry) => metrics.observeRequest({ ...entry, requestId: '' }),
    failure,
  });
  return listen(router, {
    host: settings.host,
    port: settings.port,
    hosts: settings.httpHosts,
    direct,
    fallback: webFiles(join(installation, 'web/dist')),
    nextRequestId,
  });
}
