import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { processesOf } from '#kernel/processes/index.ts';
import { type Check, fault, type Finding, ok, type Patient, warning } from './finding.ts';

const gibibyte = 2 ** 30;

const writable: Check = {
  name: 'home',
  async look({ settings: { home } }) {
    if (!existsSync(home)) return ok('home', `${home} does not exist yet; the first start makes it.`);
    try {
      await rm(await mkdtemp(join(home, '.doctor-')), { recursive: true });
      return ok('home', `${home} is writable.`);
    } catch (error) {
      return fault(
        'home',
        `${home} is not writable (${reasonOf(error)}).`,
        'Give this user the right to write there, or choose another RIPEN_HOME.',
      );
    }
  },
};

const disk: Check = {
  name: 'disk',
  async look({ settings: { home } }) {
    let place = home;
    while (!existsSync(place)) place = dirname(place);
    const { bavail, bsize, blocks } = await statfs(place);
    const free = bavail * bsize;
    const text = `${(free / gibibyte).toFixed(1)} GiB of ${((blocks * bsize) / gibibyte).toFixed(0)} GiB are free.`;
    if (free < gibibyte / 4) return fault('disk', text, 'Make room: Ripen refuses writes when the disk is full.');
    return free < 2 * gibibyte ? warning('disk', text, 'Make room before the next large load.') : ok('disk', text);
  },
};

const restore: Check = {
  name: 'restore',
  async look({ settings: { home } }) {
    return existsSync(join(home, 'restore-unfinished.json'))
      ? fault('restore', `A restore into ${home} was not finished.`, 'Give the same `ripen restore <folder>` again; it goes on.')
      : [];
  },
};

const server: Check = {
  name: 'server',
  async look({ settings: { home }, running }) {
    if (!running) return ok('server', 'No server works in this home.');
    if (!existsSync(join(home, 'server.json'))) return ok('server', 'A server or another command is just opening this home.');
    const { address, pid } = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { address: string; pid: number };
    try {
      const answer = await fetch(new URL('/readyz', address), { signal: AbortSignal.timeout(5000) });
      if (answer.ok) return ok('server', `A server works in this home and is ready: ${address}, process ${pid}.`);
      return fault(
        'server',
        `The server at ${address} says that it is not ready: ${await answer.text()}`,
        `Read ${join(home, 'logs/server.log')}.`,
      );
    } catch (error) {
      return fault(
        'server',
        `The server at ${address} (process ${pid}) holds the home, but does not answer (${reasonOf(error)}).`,
        `Read ${join(home, 'logs/server.log')}; end the process if it hangs.`,
      );
    }
  },
};

const orphans: Check = {
  name: 'processes',
  async look({ settings: { home }, running }) {
    const file = join(home, 'instance');
    if (!existsSync(file)) return ok('processes', 'Nothing was ever started from this home.');
    const found = processesOf(readFileSync(file, 'utf8').trim());
    if (running) return ok('processes', `${found.length} processes belong to the server.`);
    return found.length === 0
      ? ok('processes', 'No process is left of an earlier server.')
      : warning('processes', `Processes are left of an earlier server: ${found.join(', ')}.`, 'The next `ripen up` ends them.');
  },
};

const ports: Check = {
  name: 'ports',
  async look({ settings, running }: Patient) {
    if (running) return [];
    const wanted = [
      { port: settings.port, setting: 'RIPEN_PORT', use: 'the server' },
      { port: settings.gatewayPort, setting: 'RIPEN_GATEWAY_PORT', use: 'the production gateway' },
      { port: settings.gatewayPort === 0 ? 0 : settings.gatewayPort + 1, setting: 'RIPEN_GATEWAY_PORT', use: 'the staging gateway' },
    ];
    const taken: Finding[] = [];
    for (const { port, setting, use } of wanted) {
      if (port === 0 || (await isFree(settings.host, port))) continue;
      taken.push(
        warning(
          'ports',
          `Port ${port} for ${use} is taken by another program.`,
          `Stop that program, or choose another port with ${setting}.`,
        ),
      );
    }
    return taken.length > 0 ? taken : ok('ports', `Ports ${wanted.map(({ port }) => port).join(', ')} are free.`);
  },
};

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, host, () => probe.close(() => resolve(true)));
  });
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? ((error.cause as Error | undefined)?.message ?? error.message) : String(error);

export const homeChecks: readonly Check[] = [writable, disk, restore, server, orphans, ports];
