import { z } from 'zod';
import { type Endpoint, endpoint } from '../http/index.ts';
import type { Metrics } from './metrics.ts';

/** Something that must work for the server to be of use. Throws when it does not. */
export interface ReadinessCheck {
  readonly name: string;
  check(): Promise<void>;
}

const patienceMs = 2000;

/** `/healthz` (the process answers), `/readyz` (everything it needs answers too) and `/metrics`. */
export function telemetryEndpoints({
  metrics,
  checks,
  version,
}: {
  metrics: Metrics;
  checks: readonly ReadinessCheck[];
  version: string;
}): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/healthz',
      id: 'server.health',
      action: 'public',
      summary: 'Whether the process answers',
      result: z.object({ status: z.literal('ok'), version: z.string() }),
      handle: () => ({ status: 'ok' as const, version }),
    }),
    endpoint({
      method: 'get',
      path: '/readyz',
      id: 'server.readiness',
      action: 'public',
      summary: 'Whether everything that the server needs answers',
      rawResult: 'application/json',
      async handle() {
        const results = await Promise.all(checks.map(run));
        const ready = results.every((result) => result.ok);
        return new Response(JSON.stringify({ ready, checks: results }), {
          status: ready ? 200 : 503,
          headers: { 'content-type': 'application/json' },
        });
      },
    }),
    endpoint({
      method: 'get',
      path: '/metrics',
      id: 'server.metrics',
      action: 'public',
      summary: 'Metrics for Prometheus',
      rawResult: 'text/plain',
      handle: async () => new Response(await metrics.render(), { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } }),
    }),
  ];
}

async function run(readiness: ReadinessCheck): Promise<{ name: string; ok: boolean; problem?: string }> {
  const { name } = readiness;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${patienceMs} ms`)), patienceMs);
  });
  try {
    await Promise.race([readiness.check(), tooLong]);
    return { name, ok: true };
  } catch (error) {
    return { name, ok: false, problem: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
