import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { project, type ServingServer } from './serving-server.ts';

export interface Row {
  readonly amount: number;
  readonly count: number;
  readonly city: string;
}

export const rows: readonly Row[] = [
  { amount: 1, count: 2, city: 'Rome' },
  { amount: -3.5, count: 0, city: 'Zürich 🏔' },
];

export function inferBody(list: readonly Row[], more: object = {}): Record<string, unknown> {
  const shape = [list.length];
  return {
    inputs: [
      { name: 'amount', datatype: 'FP32', shape, data: list.map(({ amount }) => amount) },
      { name: 'count', datatype: 'INT64', shape, data: list.map(({ count }) => count) },
      { name: 'city', datatype: 'BYTES', shape, data: list.map(({ city }) => city) },
    ],
    ...more,
  };
}

export interface Answer {
  readonly status: number;
  readonly body: {
    readonly error?: string;
    readonly id?: string;
    readonly model_version?: string;
    readonly parameters?: { readonly revision: string };
    readonly outputs?: readonly { readonly name: string; readonly shape: readonly number[]; readonly data: readonly number[] }[];
  };
  readonly headers: Headers;
}

export async function askGateway(server: ServingServer, path: string, body?: unknown, init: RequestInit = {}): Promise<Answer> {
  const text = typeof body === 'string' ? body : body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body);
  const request = body === undefined ? init : { method: 'POST', body: text, ...init };
  const response = await fetch(`${await server.gateway()}${path}`, request);
  // Every answer of the gateway is JSON.
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
}

export async function replicaPids(server: ServingServer, deployment: string): Promise<(number | undefined)[]> {
  const { environments } = await server.serving.deployment(project, deployment);
  return environments.flatMap(({ revisions }) => revisions.flatMap(({ replicas }) => replicas.map(({ pid }) => pid)));
}

export async function eventually(what: string, holds: () => Promise<boolean> | boolean, limitMs = 30_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    assert.ok(Date.now() < end, `not within ${limitMs} ms: ${what}`);
    await pause(50);
  }
}
