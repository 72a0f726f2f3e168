import { setTimeout as wait } from 'node:timers/promises';
import { type Query, withQuery } from '../../../url.ts';
import { importErrors } from '../errors.ts';
import type { SourceOptions } from '../open-source.ts';

/** Says that the server has an answer, and that it is no. */
export class SourceRefusal extends Error {
  override readonly name = 'SourceFileError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export interface MlflowClient {
  /** Without a slash at its end, without credentials. */
  readonly address: string;
  get<Answer>(path: string, query?: Query): Promise<Answer>;
  post<Answer>(path: string, body: unknown): Promise<Answer>;
  text(path: string, query?: Query): Promise<string>;
  stream(path: string, query?: Query): Promise<ReadableStream<Uint8Array>>;
}

interface Sent {
  readonly method?: 'POST';
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const tries = 6;
const firstPauseMs = 300;
const limitMs = 120_000;
const passing: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Speaks with an MLflow server, with the credentials that MLflow's own clients take from the environment. What may pass is tried again.
 * @throws SourceRefusal for answers that will not change, `cli.import-source-failed` when trying again does not help
 */
export function createMlflowClient(named: string, { environment, signal }: SourceOptions): MlflowClient {
  const place = new URL(named);
  const authorization = authorizationOf(place, environment);
  place.username = '';
  place.password = '';
  const address = place.href.replace(/[/#?]+$/, '');

  async function once(path: string, init: Sent, limit: number | undefined): Promise<Response> {
    const signals = limit === undefined ? [signal] : [signal, AbortSignal.timeout(limit)];
    const response = await fetch(`${address}/${path}`, {
      ...init,
      headers: { ...authorization, ...init.headers },
      signal: AbortSignal.any(signals),
    });
    if (response.ok) return response;
    const text = (await response.text()).slice(0, 300);
    if (passing.has(response.status)) throw new Error(`${response.status} ${text}`);
    throw new SourceRefusal(response.status, `the server answered ${response.status} ${text}`);
  }

  /** `read` is part of each try: an answer may be cut off. */
  async function request<Answer>(path: string, init: Sent, read: (response: Response) => Promise<Answer>, limit?: number): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await read(await once(path, init, limit));
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof SourceRefusal) throw error;
        if (attempt === tries)
          throw importErrors['import-source-failed']({ address: `${address}/${path}`.slice(0, 300), reason: reasonOf(error) }, error);
        await wait(firstPauseMs * 2 ** (attempt - 1), undefined, { signal });
      }
    }
  }

  const textOf = (response: Response) => response.text();
  return {
    address,
    async get<Answer>(path: string, query: Query = {}) {
      // MLflow's protocol is the contract; what is read of an answer is optional.
      return parse(await request(withQuery(path, query), {}, textOf, limitMs)) as Answer;
    },
    async post<Answer>(path: string, body: unknown) {
      const sent: Sent = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      return parse(await request(path, sent, textOf, limitMs)) as Answer;
    },
    text: (path, query = {}) => request(withQuery(path, query), {}, textOf, limitMs),
    stream: (path, query = {}) => request(withQuery(path, query), {}, async (response) => response.body ?? new Blob([]).stream()),
  };
}

/** Python writes NaN and the infinities as they are, which JSON does not know. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replaceAll(/("value":\s*)(NaN|-?Infinity)/g, '$1"$2"'));
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function authorizationOf(place: URL, environment: SourceOptions['environment']): Record<string, string> {
  const basic = (user: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` });
  if (place.username !== '') return basic(decodeURIComponent(place.username), decodeURIComponent(place.password));
  const { MLFLOW_TRACKING_USERNAME: user, MLFLOW_TRACKING_PASSWORD: password, MLFLOW_TRACKING_TOKEN: token } = environment;
  if (user !== undefined && password !== undefined) return basic(user, password);
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}
