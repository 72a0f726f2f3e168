import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { SnapshotWire } from '../../src/data/index.ts';
import type { VerificationWire } from '../../src/governance/index.ts';
import { RipenError } from '../../src/kernel/errors.ts';
import type { MetricPointWire, RunWire } from '../../src/tracking/index.ts';
import { eventually } from '../testing/eventually.ts';
import { launch, ripenJson } from '../testing/launch.ts';
import { wireTo } from '../testing/mlflow-wire.ts';
import { createShop, runPipeline, shop, writeSmallProject } from '../testing/small-project.ts';
import { temporaryFolder } from '../testing/temporary.ts';

// A disk of 96 MiB that runs full under a working server.

/** Fills what is left, to the last byte. */
function fill(path: string): void {
  const file = openSync(path, 'w');
  try {
    for (let size = 1024 * 1024; size >= 1;) {
      try {
        if (writeSync(file, Buffer.alloc(size)) < size) size = Math.floor(size / 4);
      } catch {
        // Nothing of this size fits any more.
        size = Math.floor(size / 4);
      }
    }
  } finally {
    closeSync(file);
  }
}

function mountSmallDisk(): { disk: string; unmount: () => void } | string {
  const disk = join(temporaryFolder(), 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk], { stdio: 'pipe' });
  } catch (error) {
    return `a small disk cannot be mounted here (${String(error).split('\n')[1] ?? String(error)})`;
  }
  let mounted = true;
  const unmount = (): void => {
    if (mounted) execFileSync('umount', ['-l', disk]);
    mounted = false;
  };
  process.on('exit', unmount);
  return { disk, unmount };
}

test(
  'a full disk refuses writes in clear words, corrupts nothing, and all works again when there is room',
  { timeout: 400_000 },
  async (t) => {
    const mounted = mountSmallDisk();
    if (typeof mounted === 'string') {
      process.stdout.write(`SKIPPED: ${mounted}\n`);
      return t.skip(mounted);
    }
    const { disk, unmount } = mounted;
    const home = join(disk, 'home');
    const server = await launch({ home });
    const { client } = server;
    await createShop(client, await writeSmallProject(join(temporaryFolder(), 'shop')));
    assert.equal((await runPipeline(client, 'load')).state, 'succeeded');
    const run = (await client.post<RunWire>(`${shop}/runs`, { experiment: 'before' })).id;
    const log = (step: number): Promise<unknown> => client.post(`${shop}/runs/${run}/log`, { metrics: [{ name: 'm', step, value: step }] });
    await log(0);

    const filler = join(disk, 'filler');
    fill(filler);
    const orders = Array.from({ length: 200_000 }, (_, row) => `${row},place ${row * 7919}`).join('\n');
    const load = (): Promise<Response> =>
      client.raw('POST', `${shop}/datasets/orders/load?format=csv&file=large.csv&contract=none`, { body: `x,place\n${orders}\n` });
    const refused = async (what: string, write: () => Promise<unknown>): Promise<RipenError> => {
      const error = await write().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      assert.ok(error instanceof RipenError, `${what} was said to be done on a full disk`);
      process.stdout.write(`${what}: ${error.code}: ${error.message}\n`);
      return error;
    };
    const loading = await refused('a load', load);
    assert.match(loading.code, /disk-full/);
    const artifact = await refused('an artifact', () =>
      client.raw('PUT', `${shop}/runs/${run}/artifacts/big`, { body: Buffer.alloc(5_000_000) }),
    );
    assert.match(artifact.code, /disk-full/);
    // SQLite finds room inside its files for a while; what it has taken must be there afterwards.
    const taken = [0];
    const metrics = await (async () => {
      for (let step = 1; step < 20_000; step++) {
        try {
          await log(step);
          taken.push(step);
        } catch (error) {
          return error;
        }
      }
      return undefined;
    })();
    assert.ok(metrics instanceof RipenError, 'metrics run out of room too');
    process.stdout.write(`a metric after ${taken.length}: ${metrics.code}: ${metrics.message}\n`);
    assert.match(`${metrics.code} ${metrics.message}`, /disk|full|space/i);
    const wire = wireTo(server.address);
    const mlflow = '/projects/shop/api/2.0/mlflow';
    const large = { run_id: run, tags: [{ key: 'large', value: 'x'.repeat(1_000_000) }], params: [{ key: 'with it', value: '1' }] };
    const said = await wire.post(`${mlflow}/runs/log-batch`, large);
    process.stdout.write(`MLflow's client: ${said.status} ${said.bytes.toString()}\n`);
    assert.ok(said.status >= 500, 'one that clients try again');
    assert.match(said.body.message ?? '', /disk|full|space/i);
    assert.equal((await fetch(`${server.address}/healthz`)).status, 200, 'the server lives and can be asked');
    assert.equal((await client.get<{ items: SnapshotWire[] }>(`${shop}/datasets/orders/snapshots`)).items.length, 1);

    rmSync(filler);
    await eventually('writes are taken again', () => log(100_000).then(() => true), 60_000);
    assert.deepEqual((await wire.get(`${mlflow}/runs/get`, { run_id: run })).body.run?.data.params ?? [], [], 'nothing half');
    assert.equal((await wire.post(`${mlflow}/runs/log-batch`, large)).status, 200);
    wire.close();
    assert.equal((await load()).status, 201);
    assert.equal((await runPipeline(client, 'train')).state, 'succeeded');
    const { items } = await client.get<{ items: MetricPointWire[] }>(`${shop}/runs/${run}/metrics/m`, { limit: 50_000 });
    const steps = new Set(items.map(({ step }) => step));
    assert.deepEqual(
      taken.filter((step) => !steps.has(step)),
      [],
    );
    assert.equal((await ripenJson<VerificationWire>(['events', 'verify'], { home })).ok, true);
    assert.equal((await server.stop()).code, 0);
    const again = await launch({ home });
    assert.equal((await again.client.get<{ items: SnapshotWire[] }>(`${shop}/datasets/orders/snapshots`)).items.length, 2);
    await again.stop();
    unmount();
  },
);
