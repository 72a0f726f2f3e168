import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface WireReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The JSON of the answer; an empty object when it was none. */
  readonly body: WireBody;
}

/** What tests look at in answers; each endpoint gives its own part. */
export interface WireBody {
  readonly error_code?: string;
  readonly message?: string;
  readonly experiment_id?: string;
  readonly experiment?: { readonly experiment_id: string; readonly name: string; readonly lifecycle_stage: string };
  readonly experiments?: readonly { readonly experiment_id: string; readonly name: string }[];
  readonly run?: WireRun;
  readonly runs?: readonly WireRun[];
  readonly metrics?: readonly WirePoint[];
  readonly files?: readonly { readonly path: string; readonly is_dir: boolean; readonly file_size?: number }[];
  readonly next_page_token?: string;
}

export interface WirePoint {
  readonly key: string;
  readonly value: number | string;
  readonly timestamp: number;
  readonly step: number;
}

export interface WireRun {
  readonly info: { readonly run_id: string; readonly run_name: string; readonly status: string; readonly experiment_id: string };
  readonly data: {
    readonly metrics?: readonly WirePoint[];
    readonly params?: readonly { readonly key: string; readonly value: string }[];
    readonly tags?: readonly { readonly key: string; readonly value: string }[];
  };
}

/** Speaks to a server byte by byte: paths go out as they are written, which `fetch` would tidy. */
export interface Wire {
  /** An object is sent as JSON; text and bytes as they are. Paths without a leading slash are below /api/2.0/mlflow/. */
  call(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<WireReply>;
  post(path: string, body: unknown): Promise<WireReply>;
  get(path: string, query?: Readonly<Record<string, string>>): Promise<WireReply>;
  /** As the Python client does: the same request again while there is no answer, or one of those that it takes for passing. */
  persist(method: string, path: string, body?: unknown): Promise<WireReply>;
  close(): void;
}

const passing = new Set([408, 429, 500, 502, 503, 504]);

export function wireTo(address: string): Wire {
  const { hostname, port } = new URL(address);
  const agent = new Agent({ keepAlive: true, maxSockets: 256 });
  const call: Wire['call'] = (method, path, body, headers = {}) =>
    new Promise((resolve, reject) => {
      const raw = typeof body === 'string' || Buffer.isBuffer(body);
      const content = body === undefined || raw ? body : JSON.stringify(body);
      const json: Record<string, string> = content === undefined ? {} : { 'content-type': 'application/json' };
      const sent = request(
        { agent, hostname, port, method, path: path.startsWith('/') ? path : `/api/2.0/mlflow/${path}`, headers: { ...json, ...headers } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
          answer.on('end', () => {
            const bytes = Buffer.concat(chunks);
            resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, body: jsonOf(answer.headers, bytes) });
          });
          answer.on('aborted', () => reject(new Error('the answer was cut off')));
        },
      );
      sent.on('error', reject);
      sent.end(content);
    });
  return {
    call,
    post: (path, body) => call('POST', path, body),
    get: (path, query = {}) => call('GET', `${path}?${String(new URLSearchParams(query))}`),
    async persist(method, path, body) {
      for (let attempt = 0; ; attempt++) {
        const reply = await call(method, path, body).catch((error: unknown) => {
          if (attempt > 600) throw error;
          return undefined;
        });
        if (reply !== undefined && !passing.has(reply.status)) return reply;
        await pause(Math.min(20 * 2 ** attempt, 200));
      }
    },
    close: () => agent.destroy(),
  };
}

function jsonOf(headers: IncomingHttpHeaders, bytes: Buffer): WireBody {
  if (headers['content-type']?.startsWith('application/json') !== true || bytes.length === 0) return {};
  // The tests compare what they find in it.
  return JSON.parse(bytes.toString()) as WireBody;
}
