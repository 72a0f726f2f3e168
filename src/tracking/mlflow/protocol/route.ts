import type { Actor, ChangeContext } from '#kernel/events/index.ts';
import type { DirectCall, Method } from '#kernel/http/index.ts';
import { type Fields, type InputOf, messageReader, schemaOf, type FieldSchema } from './field.ts';

/** Who calls, and in which project. */
export interface MlflowCall {
  readonly project: string;
  readonly actor: Actor;
  readonly context: ChangeContext;
  readonly params: Readonly<Record<string, string>>;
  readonly http: DirectCall;
}

export interface MlflowRouteSpec<Of extends Fields> {
  readonly method: Method;
  /**
   * `2.0/mlflow/runs/create`: served below `/api/` and `/ajax-api/`. With a leading slash it is served as it is. Each is served again below
   * `/projects/{project}`.
   */
  readonly path: string;
  readonly action: string;
  readonly summary: string;
  /** The message; left out where the handler reads the bytes itself. */
  readonly request?: Of;
  /** Old names of fields. */
  readonly aliases?: Readonly<Record<string, keyof Of & string>>;
  /** Largest message in bytes. */
  readonly bodyLimit?: number;
  /** False keeps it out of the OpenAPI document. */
  readonly documented?: boolean;
  /** Gives the message of the reply, or a raw reply. */
  readonly handle: (input: InputOf<Of>, call: MlflowCall) => unknown;
}

/** A route whose types were checked where it was declared. */
export interface MlflowRoute {
  readonly method: Method;
  readonly path: string;
  readonly action: string;
  readonly summary: string;
  readonly schema: FieldSchema | undefined;
  readonly bodyLimit: number;
  readonly documented: boolean;
  /** Fields that may be repeated in a query. */
  readonly repeated: ReadonlySet<string>;
  readonly takesMessage: boolean;
  readonly run: (message: Readonly<Record<string, unknown>>, call: MlflowCall) => unknown;
}

const defaultBodyLimit = 64 * 1024 * 1024;

export function mlflowRoute<const Of extends Fields = Record<string, never>>(spec: MlflowRouteSpec<Of>): MlflowRoute {
  const { method, path, action, summary, request, bodyLimit = defaultBodyLimit, documented = true } = spec;
  // Without fields there is nothing to read, and the input is empty.
  const fields = request ?? ({} as Of);
  const read = messageReader(fields, spec.aliases);
  return {
    method,
    path,
    action,
    summary,
    bodyLimit,
    documented,
    schema: request === undefined ? undefined : schemaOf(request),
    repeated: new Set(Object.entries(fields).flatMap(([name, each]) => (each.repeated ? [name] : []))),
    takesMessage: request !== undefined,
    run: (message, call) => spec.handle(read(message, ''), call),
  };
}
