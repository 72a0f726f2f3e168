import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defineErrors, type ErrorKind, RipenError } from '#kernel/errors.ts';
import { type Problem, statusOfKind } from '#kernel/http/index.ts';
import type { CliContext } from './context.ts';
import { type Query, withQuery } from './url.ts';

const clientErrors = defineErrors('cli', {
  'no-server': {
    kind: 'unavailable',
    message: (a: { address: string; reason: string }) => `No Ripen server answers at ${a.address} (${a.reason}).`,
    hint: () => 'Start one with `ripen up`, or say where it is with RIPEN_URL.',
  },
});

type Place = Pick<CliContext, 'environment' | 'directory'>;

export interface Client {
  readonly address: string;
  get<Result>(path: string, query?: Query): Promise<Result>;
  post<Result>(path: string, body?: unknown): Promise<Result>;
  put<Result>(path: string, body?: unknown): Promise<Result>;
  patch<Result>(path: string, body?: unknown): Promise<Result>;
  delete<Result>(path: string): Promise<Result>;
  /** Sends bytes as they are and gives the answer unread. @throws what the server answers when that is a problem */
  raw(
    method: string,
    path: string,
    init?: { body?: NonNullable<RequestInit['body']>; headers?: Record<string, string> },
  ): Promise<Response>;
}

/** Speaks with the server at RIPEN_URL, or with the one that works in RIPEN_HOME. Shows RIPEN_TOKEN when it is set. */
export function connect(place: Place): Client {
  const { environment } = place;
  const address = addressOf(place);
  const token = environment['RIPEN_TOKEN'];
  const authorization: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  async function raw(
    method: string,
    path: string,
    init: { body?: NonNullable<RequestInit['body']>; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const streaming = init.body instanceof ReadableStream ? { duplex: 'half' } : {};
    let response: Response;
    try {
      response = await fetch(new URL(path, address), {
        method,
        ...init,
        headers: { ...authorization, ...init.headers },
        ...streaming,
      } as RequestInit);
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw clientErrors['no-server']({ address, reason: cause }, error);
    }
    if (!response.ok) throw await problemOf(response);
    return response;
  }

  async function call<Result>(method: string, path: string, body?: unknown): Promise<Result> {
    const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const text = await (await raw(method, path, init)).text();
    // The wire types of the endpoint are the contract; the server has built the answer by them.
    return (text === '' ? undefined : JSON.parse(text)) as Result;
  }

  return {
    address,
    get: (path, query = {}) => call('GET', withQuery(path, query)),
    post: (path, body = {}) => call('POST', path, body),
    put: (path, body = {}) => call('PUT', path, body),
    patch: (path, body = {}) => call('PATCH', path, body),
    delete: (path) => call('DELETE', path),
    raw,
  };
}

function addressOf({ environment, directory }: Place): string {
  // Where no server works in the home the default address is the best guess.
  return environment['RIPEN_URL'] ?? workingServer({ environment, directory }) ?? `http://127.0.0.1:${environment['RIPEN_PORT'] ?? '7473'}`;
}

/** Whether the server that is meant is known: named by RIPEN_URL, or at work in the home. */
export function isServed(place: Place): boolean {
  return place.environment['RIPEN_URL'] !== undefined || workingServer(place) !== undefined;
}

/** The address of the server whose process works in the home. */
function workingServer({ environment, directory }: Place): string | undefined {
  const home = resolve(directory, environment['RIPEN_HOME'] ?? './.ripen');
  try {
    const { address, pid } = JSON.parse(readFileSync(join(home, 'server.json'), 'utf8')) as { address: string; pid: number };
    return isAlive(pid) ? address : undefined;
  } catch {
    // No server has ever started in this home, or it was stopped.
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: it is there, and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function problemOf(response: Response): Promise<RipenError> {
  const text = await response.text();
  try {
    const problem = JSON.parse(text) as Problem;
    const kind = (Object.keys(statusOfKind) as ErrorKind[]).find((name) => statusOfKind[name] === problem.status) ?? 'internal';
    return new RipenError({ code: problem.code, kind, message: problem.detail, hint: problem.hint, details: problem.details });
  } catch {
    return new RipenError({
      code: 'cli.unexpected-answer',
      kind: 'internal',
      message: `The server answered ${response.status}: ${text.slice(0, 200)}`,
    });
  }
}
