/** A response whose body is read chunk by chunk, each within the time limit. */
export interface S3Response {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined at the end. */
  chunk(): Promise<Uint8Array | undefined>;
  text(): Promise<string>;
  discard(): Promise<void>;
}

export interface IdleTimer {
  readonly signal: AbortSignal;
  arm(extraMs?: number): void;
  disarm(): void;
  abort(): void;
}

/** Runs only while we wait for S3, so that a slow reader of ours is not taken for a server that hangs. */
export function idleTimer(timeoutMs: number, closing: AbortSignal): IdleTimer {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const arm = (extraMs = 0): void => {
    timer = setTimeout(() => controller.abort(new Error(`it sent nothing for ${timeoutMs + Math.round(extraMs)} ms`)), timeoutMs + extraMs);
  };
  return {
    signal: AbortSignal.any([controller.signal, closing]),
    arm,
    disarm: () => clearTimeout(timer),
    abort: () => controller.abort(),
  };
}

export function readable(response: Response, timer: IdleTimer): S3Response {
  const reader = response.body?.getReader();
  const chunk = async (): Promise<Uint8Array | undefined> => {
    timer.arm();
    try {
      return (await reader?.read())?.value;
    } finally {
      timer.disarm();
    }
  };
  const text = async (): Promise<string> => {
    const chunks: Uint8Array[] = [];
    for (let next = await chunk(); next !== undefined; next = await chunk()) chunks.push(next);
    return Buffer.concat(chunks).toString('utf8');
  };
  const discard = async (): Promise<void> => {
    await reader?.cancel();
    timer.abort();
  };
  return { status: response.status, headers: response.headers, chunk, text, discard };
}
