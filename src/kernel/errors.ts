/**
 * Errors are data: a permanent code, what happened, why, and what to do. The domain knows kinds, not HTTP numbers;
 * `kernel/http` maps a kind to a status and `cli` maps it to an exit code, each in one table.
 */

/** What an error means to its caller, whatever the transport. */
export type ErrorKind =
  | 'input' // the caller sent something we cannot accept
  | 'authentication' // we do not know who is calling
  | 'not-allowed' // we know, and they may not
  | 'not-found'
  | 'conflict' // valid, but not in the present state
  | 'limit' // too large, too many
  | 'overloaded' // more work waits than can be taken in; the same again in a moment is fine
  | 'unavailable' // something we depend on does not answer; trying again may help
  | 'internal'; // our fault

export interface ErrorText<Arguments> {
  readonly kind: ErrorKind;
  /** What happened and why, as one or two sentences that name the object. */
  readonly message: (input: Arguments) => string;
  /** What the reader can do now: a command, a setting, a place to look. */
  readonly hint?: (input: Arguments) => string;
}

export interface RipenErrorInit {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  readonly cause?: unknown;
}

/** The one error class. Compare `code`, never the message. */
export class RipenError extends Error {
  override readonly name = 'RipenError';
  readonly code: string;
  readonly kind: ErrorKind;
  readonly hint: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(init: RipenErrorInit) {
    super(init.message, init.cause === undefined ? undefined : { cause: init.cause });
    this.code = init.code;
    this.kind = init.kind;
    this.hint = init.hint;
    this.details = init.details;
  }
}

type Fill<Text> = Text extends ErrorText<infer Input> ? (input: Input, cause?: unknown) => RipenError : never;

/** An error as its documentation needs it. */
export interface DeclaredError {
  readonly code: string;
  readonly kind: ErrorKind;
  /** The texts, for arguments of any kind. */
  readonly message: (input: never) => string;
  readonly hint: ((input: never) => string) | undefined;
}

const declared: DeclaredError[] = [];

/**
 * Declares the errors of one module. `defineErrors('registry', { 'version-not-found': … })` gives an object whose
 * members build a `RipenError` with code `registry.version-not-found`. The arguments become the error's `details`.
 *
 * ```ts
 * throw registryErrors['version-not-found']({ model: 'delay', version: 3 });
 * ```
 */
// The texts differ in their argument type, so their common type is the bottom of all of them.
export function defineErrors<const Texts extends Record<string, ErrorText<never>>>(
  module: string,
  texts: Texts,
): { readonly [Name in keyof Texts]: Fill<Texts[Name]> } {
  const builders = Object.entries(texts).map(([name, text]) => {
    const code = `${module}.${name}`;
    declared.push({ code, kind: text.kind, message: text.message, hint: text.hint });
    const build = (input: never, cause?: unknown): RipenError =>
      new RipenError({ code, kind: text.kind, message: text.message(input), hint: text.hint?.(input), details: input, cause });
    return [name, build] as const;
  });
  return Object.fromEntries(builders) as { readonly [Name in keyof Texts]: Fill<Texts[Name]> };
}

/** Every error that the loaded modules declare; the error page of the docs is generated from it. */
export function declaredErrors(): readonly DeclaredError[] {
  return declared;
}

/** Any thrown value as a `RipenError`; what is unknown becomes `kernel.internal` and keeps its cause. */
export function asRipenError(thrown: unknown): RipenError {
  if (thrown instanceof RipenError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new RipenError({
    code: 'kernel.internal',
    kind: 'internal',
    message: `Something went wrong inside Ripen: ${message}`,
    hint: 'The server log has the full trace under the same request id.',
    cause: thrown,
  });
}
