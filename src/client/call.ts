import type { Content } from './content.ts';
import type { Operations } from './operations.ts';
import { routes } from './routes.ts';
import type { Transport } from './transport.ts';

export type OperationId = keyof Operations;
export type ResultOf<Id extends OperationId> = Operations[Id]['result'];
export type QueryOf<Id extends OperationId> = NonNullable<Operations[Id]['query']>;
export type BodyOf<Id extends OperationId> = Operations[Id]['body'];

/** The project is that of the connection unless another one is named. */
type ParamsOf<Params> = Params extends { readonly project: string } ? Omit<Params, 'project'> & { readonly project?: string } : Params;

/** A member that is needed, may be left out, or must be. */
type Member<Name extends string, Value> = [Value] extends [undefined]
  ? { readonly [Key in Name]?: undefined }
  : Partial<Value> extends Value
    ? { readonly [Key in Name]?: Value }
    : { readonly [Key in Name]: Value };

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly timeoutMs?: number | undefined;
  readonly retryForMs?: number | undefined;
  /** Doing it twice is the same as doing it once; it is sent again when no answer came. Known for most operations. */
  readonly repeatable?: boolean | undefined;
}

export type InputOf<Id extends OperationId> = Member<'params', ParamsOf<Operations[Id]['params']>> &
  Member<'query', Operations[Id]['query']> &
  Member<'body', Operations[Id]['body']> &
  CallOptions;

/** Calls any operation of the API by its id, typed from its declaration. */
export type Call = <Id extends OperationId>(
  id: Id,
  ...input: Partial<InputOf<Id>> extends InputOf<Id> ? [input?: InputOf<Id>] : [input: InputOf<Id>]
) => Promise<ResultOf<Id>>;

type Scalar = string | number | boolean | undefined;

interface AnyInput extends CallOptions {
  readonly params?: Readonly<Record<string, Scalar>> | undefined;
  readonly query?: Readonly<Record<string, Scalar | readonly Scalar[]>> | undefined;
  readonly body?: unknown;
}

export interface Caller {
  readonly call: Call;
  /** The project that is meant where none is named. */
  readonly project: string;
}

/** Posts that only read, or that the server does once however often it hears of them. */
const repeatablePosts: ReadonlySet<string> = new Set<OperationId>([
  'tracking.log',
  'tracking.finish-run',
  'tracking.reopen-run',
  'tracking.add-inputs',
  'tracking.link-artifact',
  'tracking.compare-runs',
  'tracking.get-curves',
  'tracking.merge-evaluation-records',
  'registry.verify-signature',
  'events.verify',
  'serving.predict',
]);

export function createCaller(transport: Transport, project: string): Caller {
  async function call(id: OperationId, input: AnyInput = {}): Promise<unknown> {
    const [method, path, mediaType, answer]: readonly [string, string, string?, string?] = routes[id];
    const { params = {}, query = {}, body, headers, repeatable = isRepeatableCall(id, method, body), ...options } = input;
    const isRaw = mediaType !== undefined && mediaType !== '';
    const type = body === undefined ? undefined : isRaw ? mediaType : 'application/json';
    const sending = {
      ...options,
      method,
      path: `${filled(path, { project, ...given(params) })}${queryText(query)}`,
      // What the types of the operation demand where its body is raw.
      content: body === undefined ? undefined : isRaw ? (body as Content) : JSON.stringify(body),
      headers: { ...(type === undefined ? {} : { 'content-type': type }), ...headers },
      // How long bytes take depends on how many they are.
      timeoutMs: options.timeoutMs ?? (isRaw ? Infinity : undefined),
      repeatable,
    };
    return transport.send(sending, answer === 'raw' ? async (response) => response : readJson);
  }
  // `routes` and `Operations` are generated from the same declarations.
  return { call: call as Call, project };
}

/** A delete that is done again finds nothing; a start with a key is done once. */
function isRepeatableCall(id: OperationId, method: string, body: unknown): boolean {
  if (method === 'post') return repeatablePosts.has(id) || (typeof body === 'object' && body !== null && 'requestKey' in body);
  return method !== 'delete';
}

async function readJson(response: Response): Promise<unknown> {
  const text = await response.text();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

function given(values: Readonly<Record<string, Scalar>>): Record<string, Scalar> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function filled(path: string, params: Readonly<Record<string, Scalar>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name];
    // These parts would make another address of it.
    if (value === undefined || value === '' || value === '.' || value === '..')
      throw new TypeError(`"${String(value)}" is no ${name} for ${path}`);
    return encodeURIComponent(String(value));
  });
}

function queryText(query: Readonly<Record<string, Scalar | readonly Scalar[]>>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) for (const each of [value ?? []].flat()) search.append(name, String(each));
  return search.size === 0 ? '' : `?${search.toString()}`;
}
