import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '#kernel/log.ts';
import type { AgentReport, Environment } from '#serving/index.ts';
import type { ControlPlane } from './control-plane.ts';
import type { Fleet } from './fleet.ts';
import type { Spool } from './spool.ts';

const everyMs = 500;
/** At least this often, so that the control plane sees that the agent lives. */
const heartbeatMs = 5000;

export interface ReporterOptions {
  readonly account: Environment;
  readonly fleet: Fleet;
  readonly spool: Spool;
  readonly controlPlane: ControlPlane;
  readonly log: Log;
  readonly gateway: () => { readonly address: string | undefined; readonly problem: string | undefined };
}

export interface Reporter {
  /** Reports at once what has changed. */
  poke(): void;
  /** Reports until the signal fires. */
  run(signal: AbortSignal): Promise<void>;
}

export function createReporter(options: ReporterOptions): Reporter {
  const { fleet, controlPlane, log } = options;
  /** Requests of each revision in the last report that arrived. */
  const told = new Map<string, number>();
  let lastState = '';
  let lastAt = -Infinity;
  let poked = false;
  let wake: () => void = () => undefined;
  let failing = false;

  const reportOnce = async (): Promise<void> => {
    const { report, state } = compose(options, told);
    const isDue = performance.now() - lastAt >= heartbeatMs;
    if (state === lastState && report.traffic.length === 0 && report.failures.length === 0 && !isDue) return;
    await controlPlane.report(report);
    for (const { revision, requests } of report.traffic) told.set(revision, requests);
    fleet.failures.forget(report.failures.length);
    lastState = state;
    lastAt = performance.now();
  };
  const attempt = async (): Promise<void> => {
    try {
      await reportOnce();
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ err: error }, 'a report could not be delivered; the next one says the same');
      failing = true;
    }
  };
  return {
    poke() {
      poked = true;
      wake();
    },
    async run(signal) {
      while (!signal.aborted) {
        poked = false;
        await attempt();
        if (poked && !failing) continue;
        const early = new AbortController();
        wake = () => early.abort();
        // The only error is the abort: something to report, or the end.
        await pause(everyMs, undefined, { signal: AbortSignal.any([signal, early.signal]) }).catch(() => undefined);
        // A burst of changes becomes one report.
        if (early.signal.aborted) await pause(10);
      }
    },
  };
}

function compose(
  { account, fleet, spool, gateway }: ReporterOptions,
  told: ReadonlyMap<string, number>,
): { report: AgentReport; state: string } {
  const { address, problem: gatewayProblem } = gateway();
  const segments = spool.sealed();
  const problems = [gatewayProblem, spool.problem].filter((problem) => problem !== undefined);
  const state = {
    applied: fleet.applied,
    ...(address === undefined ? {} : { gateway: { address } }),
    replicas: fleet.replicas(),
    problems,
  };
  const traffic = [...fleet.traffic()].flatMap(([revision, counts]) =>
    counts.requests > (told.get(revision) ?? 0) ? [counts.report(revision)] : [],
  );
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  return {
    report: {
      account,
      ...state,
      traffic,
      failures: fleet.failures.list(),
      spool: { segments: segments.length, bytes },
    },
    state: JSON.stringify(state),
  };
}
