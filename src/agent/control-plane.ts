import type { AgentReport, DesiredState, Environment } from '#serving/index.ts';
import type { Segment } from './spool.ts';

/** The only way an agent speaks to the control plane: its HTTP API, with its own token. */
export interface ControlPlane {
  setToken(token: string): void;
  /** Waits up to 25 s while the version is the one given. */
  desired(version: number, signal: AbortSignal): Promise<DesiredState>;
  object(digest: string): Promise<AsyncIterable<Uint8Array>>;
  report(report: AgentReport): Promise<void>;
  /** `refused`: it will never take this segment. */
  upload(
    segment: Segment,
    body: Uint8Array<ArrayBuffer>,
  ): Promise<{ readonly outcome: 'taken' | 'refused' | 'later'; readonly why?: string }>;
}

export class ControlPlaneError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const requestLimitMs = 30_000;

export function connectControlPlane(address: string, account: Environment, firstToken: string): ControlPlane {
  let token = firstToken;
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = { ...(init.headers as Record<string, string> | undefined), authorization: `Bearer ${token}` };
    return fetch(`${address}/api/v1/agent/${path}`, { signal: AbortSignal.timeout(requestLimitMs), ...init, headers });
  };
  const demand = async (response: Response): Promise<Response> => {
    if (response.ok) return response;
    throw new ControlPlaneError(response.status, await problemText(response));
  };
  return {
    setToken(next) {
      token = next;
    },
    async desired(version, signal) {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(requestLimitMs + 10_000)]);
      const response = await demand(await call(`desired?account=${account}&version=${version}`, { signal: limit }));
      // Built by the control plane of the same release.
      return (await response.json()) as DesiredState;
    },
    async object(digest) {
      // Large files take long; a connection that stands still is ended by the client's own limits.
      const signal = AbortSignal.timeout(30 * 60_000);
      const response = await demand(await call(`objects/${encodeURIComponent(digest)}?account=${account}`, { signal }));
      if (response.body === null) throw new ControlPlaneError(response.status, `The blob ${digest} came without a body`);
      return response.body;
    },
    async report(report) {
      const headers = { 'content-type': 'application/json' };
      const response = await demand(await call('report', { method: 'POST', body: JSON.stringify(report), headers }));
      await response.body?.cancel();
    },
    async upload({ id, project, deployment }, body) {
      const query = new URLSearchParams({ account, project, deployment, segment: id });
      const headers = { 'content-type': 'application/x-ndjson', 'content-encoding': 'zstd' };
      const response = await call(`predictions?${query.toString()}`, { method: 'POST', body, headers });
      if (response.ok) {
        await response.body?.cancel();
        return { outcome: 'taken' };
      }
      const why = await problemText(response);
      return { outcome: [400, 413, 415, 422].includes(response.status) ? 'refused' : 'later', why };
    },
  };
}

async function problemText(response: Response): Promise<string> {
  const text = await response.text();
  return `The control plane answered ${response.status}: ${text.slice(0, 500)}`;
}
