import { mkdtempSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '#kernel/clock.ts';
import { randomIds } from '#kernel/ids.ts';
import { createLog, type Log } from '#kernel/log.ts';
import type { AgentConfiguration } from '#serving/index.ts';
import { connectControlPlane, type ControlPlane } from './control-plane.ts';
import { createFleet, type Fleet } from './fleet.ts';
import { openGateway } from './gateway/gateway.ts';
import { openModelFiles } from './model-files.ts';
import { createReporter } from './reporter.ts';
import { openSpool } from './spool.ts';
import { uploadSegments } from './upload-segments.ts';

export interface Agent {
  setToken(token: string): void;
  stop(): Promise<void>;
}

/** Starts everything that works in the account. */
export function startAgent(configuration: AgentConfiguration): Agent {
  const { account, directory } = configuration;
  const log = createLog({ level: configuration.logLevel });
  const controlPlane = connectControlPlane(configuration.address, account, configuration.token);
  const spool = openSpool({ directory: join(directory, 'spool'), clock: systemClock, ids: randomIds() });
  const sockets = openSocketDirectory(directory);
  let poke: () => void = () => undefined;
  const fleet = createFleet({
    clock: systemClock,
    log,
    modelFiles: openModelFiles(join(directory, 'models'), controlPlane),
    socketDirectory: sockets.path,
    directory,
    owner: configuration.instance,
    onChange: () => poke(),
  });
  const gateway = openGateway(
    { routes: () => fleet.routes, spool, ids: randomIds(), clock: systemClock, log },
    { directory, port: configuration.gatewayPort, onChange: () => poke() },
  );
  const reporter = createReporter({ account, fleet, spool, controlPlane, log, gateway: () => gateway });
  poke = () => reporter.poke();
  const stopping = new AbortController();
  const { signal } = stopping;
  const loops = [
    followDesired({ controlPlane, fleet, log }, signal),
    reporter.run(signal),
    uploadSegments({ spool, controlPlane, log }, signal),
  ];
  return {
    setToken: (token) => controlPlane.setToken(token),
    async stop() {
      stopping.abort();
      await gateway.close();
      spool.seal(true);
      await fleet.stop();
      sockets.remove();
      await Promise.all(loops);
    },
  };
}

const longestPauseMs = 5000;

async function followDesired(
  { controlPlane, fleet, log }: { controlPlane: ControlPlane; fleet: Fleet; log: Log },
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      const desired = await controlPlane.desired(fleet.applied, signal);
      failures = 0;
      if (desired.version !== fleet.applied) fleet.apply(desired);
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      if (failures === 1) log.warn({ err: error }, 'the control plane does not tell what is desired; what runs runs on');
      // The only error is the abort, which the loop sees.
      await pause(Math.min(longestPauseMs, 100 * 2 ** failures), undefined, { signal }).catch(() => undefined);
    }
  }
}

/** The path of a Unix socket may have about 100 bytes, less than the path of a home can have. */
const longestSocketFolder = 80;

function openSocketDirectory(directory: string): { readonly path: string; remove(): void } {
  const own = join(directory, 'sockets');
  const isShort = Buffer.byteLength(own) <= longestSocketFolder;
  if (isShort) {
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own, { recursive: true, mode: 0o700 });
  }
  const path = isShort ? own : mkdtempSync(join(tmpdir(), 'ripen-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
