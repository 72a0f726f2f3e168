import { batchLength, type LogEntry, namesIn, single, sizeOf } from './log-entry.ts';
import { RipenRequestError } from './request-error.ts';

export interface LogBufferOptions {
  /** Sends entries in one request, and tries again while that may help. */
  readonly send: (entries: readonly LogEntry[]) => Promise<void>;
  /** How long the first entry waits for company, in ms. */
  readonly waitMs: number;
  /** Points, parameters and tags that may wait before `add` asks to be waited for; at ten times as many it throws. */
  readonly most: number;
}

export interface LogBuffer {
  /** Takes an entry in; the promise is kept when there is room for the next one, and never fails. @throws `client.buffer-full` */
  add(entry: LogEntry): Promise<void>;
  /** Resolves when all that was added before is kept by the server. @throws `client.not-logged`, `client.unreachable`, … */
  flush(): Promise<void>;
  readonly waiting: number;
}

interface Refused {
  readonly entry: LogEntry;
  readonly error: RipenRequestError;
}

interface Flusher {
  /** How much was added when it began. */
  readonly until: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A call with more than this is not sent as one. */
const largestEntry = 500;

/**
 * Keeps entries until the server has them, in their order, one request at a time. What a server refuses for good (a parameter that changed)
 * is parted from the rest, which is sent without it, and told at the next flush. What cannot be sent now stays: the next flush tries again.
 */
export function createLogBuffer(options: LogBufferOptions): LogBuffer {
  let queue: LogEntry[] = [];
  let added = 0;
  let settled = 0;
  let refused: Refused[] = [];
  let isPumping = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let flushers: Flusher[] = [];
  let waitingForRoom: (() => void)[] = [];

  const makeRoom = (): void => {
    for (const resolve of waitingForRoom.splice(0)) resolve();
  };

  const tellFlushers = (): void => {
    const done = flushers.filter(({ until }) => until <= settled);
    flushers = flushers.filter(({ until }) => until > settled);
    for (const { resolve, reject } of done) {
      if (refused.length === 0) resolve();
      else reject(notLogged(refused.splice(0)));
    }
  };

  /** @throws when nothing can be sent now */
  async function sendParted(entries: readonly LogEntry[], found: Refused[]): Promise<void> {
    try {
      await options.send(entries);
    } catch (error) {
      if (!(error instanceof RipenRequestError) || !concernsContent(error)) throw error;
      const [entry] = entries;
      if (entry !== undefined && entries.length === 1 && sizeOf(entry) === 1) found.push({ entry, error });
      else for (const part of partsOf(entries)) await sendParted(part, found);
    }
  }

  async function pump(): Promise<void> {
    isPumping = true;
    clearTimeout(timer);
    timer = undefined;
    try {
      while (queue.length > 0) {
        const batch = queue.slice(0, batchLength(queue));
        const found: Refused[] = [];
        await sendParted(batch, found);
        queue = queue.slice(batch.length);
        refused.push(...found);
        for (const entry of batch) settled += sizeOf(entry);
        if (added - settled < options.most) makeRoom();
        tellFlushers();
      }
    } catch (error) {
      for (const { reject } of flushers.splice(0)) reject(error);
      // Who waits for room must not wait for a server that is gone.
      makeRoom();
    }
    isPumping = false;
  }

  return {
    get waiting() {
      return added - settled;
    },
    add(entry) {
      const size = sizeOf(entry);
      if (added - settled + size > 10 * options.most) throw bufferFull(added - settled);
      queue.push(...(size > largestEntry ? single(entry) : [entry]));
      added += size;
      const isFull = added - settled >= options.most;
      if (!isPumping && isFull) void pump();
      else if (!isPumping) timer ??= setTimeout(() => void pump(), options.waitMs);
      return isFull ? new Promise((resolve) => waitingForRoom.push(resolve)) : Promise.resolve();
    },
    async flush() {
      const flushed = new Promise<void>((resolve, reject) => flushers.push({ until: added, resolve, reject }));
      if (!isPumping) void pump();
      tellFlushers();
      await flushed;
    },
  };
}

/** Invalid, in conflict or too large; everything else concerns every entry alike. */
function concernsContent({ status }: RipenRequestError): boolean {
  return status === 400 || status === 409 || status === 413;
}

/** Two halves; a lone entry is taken apart first. */
function partsOf(entries: readonly LogEntry[]): (readonly LogEntry[])[] {
  const parts = entries.length === 1 ? entries.flatMap(single) : entries;
  const middle = Math.ceil(parts.length / 2);
  return [parts.slice(0, middle), parts.slice(middle)];
}

function bufferFull(waiting: number): RipenRequestError {
  const message = `${waiting} metrics, parameters and tags wait to be sent, and no more are taken in.`;
  return new RipenRequestError({ code: 'client.buffer-full', message, status: 0, hint: 'Await run.log(…), which waits for room.' });
}

/** The reason of the first, and how many more there are. */
function notLogged(refused: readonly Refused[]): RipenRequestError {
  const [first] = refused;
  const { error, entry } = first ?? {};
  const rest = refused.length === 1 ? '' : ` ${refused.length - 1} more were not logged.`;
  return new RipenRequestError({
    code: 'client.not-logged',
    message: `Not logged (${entry === undefined ? '' : namesIn(entry)}): ${error?.message ?? ''}${rest}`,
    status: error?.status ?? 0,
    hint: error?.hint ?? 'Everything else was logged.',
    details: {
      refused: refused.slice(0, 100).map((each) => ({ names: namesIn(each.entry), code: each.error.code, message: each.error.message })),
    },
    cause: error,
  });
}
