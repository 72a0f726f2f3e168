import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { askGateway, eventually, inferBody, replicaPids, rows } from './serving-client.ts';
import { smallModel } from './small-models.ts';
import { context, project, startServing } from './serving-server.ts';

// Serving after the worst moments: killed agents, taken ports, restarts. Real processes throughout.

test('after kill -9 of the agent everything comes back, and no prediction is lost or told twice', async () => {
  const server = await startServing();
  try {
    const version = await server.register('prices', smallModel());
    await server.ensure('prices');
    await server.roll('prices', version);
    server.refuseSegments = true;
    const answered: string[] = [];
    const stopping = new AbortController();
    const asking = Promise.all(
      [0, 1, 2].map(async (lane) => {
        for (let count = 0; !stopping.signal.aborted; count++) {
          const id = `sent-${lane}-${count}`;
          const answer = await askGateway(server, '/v2/models/prices/infer', inferBody(rows, { id })).catch(() => undefined);
          if (answer?.status === 200) answered.push(id);
          await pause(2);
        }
      }),
    );
    await eventually('predictions are made', () => answered.length > 30);
    const before = server.serving.agentProcess('production');
    const gatewayBefore = await server.gateway();
    const pids = await replicaPids(server, 'prices');
    assert.ok(before !== undefined);
    process.kill(before, 'SIGKILL');
    await eventually('another agent runs', () => {
      const now = server.serving.agentProcess('production');
      return now !== undefined && now !== before;
    });
    await eventually('the model answers again', async () => {
      const answer = await askGateway(server, '/v2/models/prices/infer', inferBody(rows)).catch(() => undefined);
      return answer?.status === 200;
    });
    assert.equal(await server.gateway(), gatewayBefore, 'the gateway is where it was');
    for (const pid of pids) assert.ok(pid === undefined || !existsSync(`/proc/${pid}`) || isZombie(pid), 'the old model servers are gone');
    stopping.abort();
    await asking;
    server.refuseSegments = false;
    const told = () => server.segments.flatMap(({ lines }) => lines.map(({ id }) => String(id))).filter((id) => id.startsWith('sent-'));
    await eventually('the line of every answer arrives', () => {
      const present = new Set(told());
      return answered.every((id) => present.has(id));
    });
    assert.equal(new Set(told()).size, told().length, 'no line comes twice');
    const ids = server.segments.map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  } finally {
    await server.stop();
  }
});

function isZombie(pid: number): boolean {
  return / Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}

test('while the port of the gateway is taken nothing is promoted, and the reason is told', async () => {
  const blocker = createServer();
  await new Promise<void>((resolve) => void blocker.listen(0, '127.0.0.1', resolve));
  const address = blocker.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const own = await startServing(undefined, false, port);
  try {
    const version = await own.register('blocked', smallModel());
    await own.ensure('blocked');
    const rolling = own.roll('blocked', version);
    const problems = async () => (await own.serving.deployment(project, 'blocked')).environments[0]?.problems ?? [];
    await eventually('the problem is told', async () => (await problems()).some((problem) => problem.includes(`port ${port}`)));
    await new Promise((resolve) => void blocker.close(resolve));
    assert.equal((await rolling).state, 'promoted');
    assert.deepEqual([await own.serving.gateway('production'), await problems()], [`http://127.0.0.1:${port}`, []]);
  } finally {
    blocker.close();
    await own.stop();
  }
});

test('a rollout goes on where it was after the server was started again', async () => {
  const home = mkdtempSync(join(tmpdir(), 'ripen-serving-'));
  const first = await startServing(home, true);
  const spec = {
    canary: [50, 100],
    rollout: { minimum_requests: 30, error_rate_margin: 0.3, latency_p99_floor_ms: 1000, score_distance: 1 },
  };
  let id: string;
  try {
    const [one, two] = [await first.register('again', smallModel()), await first.register('again', smallModel({ bias: 0.01 }))];
    await first.ensure('again', spec);
    await first.roll('again', one);
    const deployed2 = await first.serving.deploy(context, {
      project,
      deployment: 'again',
      environment: 'production',
      version: two,
      cause: 'release',
      strategy: 'canary',
    });
    id = deployed2.rollout.id;
    await eventually('the candidate has traffic', async () => (await first.serving.rollout(id))?.state === 'judging');
  } finally {
    await first.stop();
  }
  const second = await startServing(home);
  try {
    const url = `${await second.gateway()}/v2/models/again/infer`;
    const stopping = new AbortController();
    const asking = (async () => {
      while (!stopping.signal.aborted) {
        await fetch(url, { method: 'POST', body: JSON.stringify(inferBody(rows)) }).then((response) => response.arrayBuffer());
      }
    })();
    const rollout = await second.serving.waitForRollout(id, AbortSignal.timeout(30_000));
    stopping.abort();
    await asking;
    assert.equal(rollout.state, 'promoted', rollout.reason ?? '');
  } finally {
    await second.stop();
  }
});
