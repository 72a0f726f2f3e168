import { type ChildProcess, fork } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { RipenError } from '../errors.ts';
import { analyticsErrors } from './errors.ts';
import type { PendingQuery } from './pending-query.ts';
import type { Reply, Request, WorkerSettings } from './protocol.ts';

const workerFile = fileURLToPath(new URL('./worker.ts', import.meta.url));
const keptErrorOutput = 2000;
const stopGraceMs = 2000;

interface WorkerProcessInit {
  readonly settings: WorkerSettings;
  /** A query is over and there is room for another. */
  readonly onRoom: () => void;
  /** Called once, whatever ended the process; `reason` is for people. Its queries have failed by then. */
  readonly onEnd: (reason: string) => void;
}

/** One analytics process and the queries it works on. It dies with its parent, because its IPC channel closes. */
export class WorkerProcess {
  readonly #init: WorkerProcessInit;
  readonly #child: ChildProcess;
  readonly #running = new Map<number, PendingQuery>();
  readonly #kills = new Map<number, NodeJS.Timeout>();
  readonly #gone: Promise<void>;
  #errorOutput = '';

  constructor(init: WorkerProcessInit) {
    this.#init = init;
    this.#child = fork(workerFile, [JSON.stringify(init.settings)], {
      serialization: 'advanced',
      execArgv: [],
      env: { PATH: process.env['PATH'] ?? '', TZ: 'UTC', LANG: 'C.UTF-8', UV_THREADPOOL_SIZE: '8' },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.on('message', (reply: Reply) => this.#receive(reply));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorOutput = (this.#errorOutput + text).slice(-keptErrorOutput);
    });
    this.#gone = this.#followEnd();
  }

  get busy(): number {
    return this.#running.size;
  }

  start(query: PendingQuery): void {
    this.#running.set(query.id, query);
    this.#send(query.request);
  }

  /** Stops the work on a query; when DuckDB does not let go of it, ends the process. */
  interrupt(query: PendingQuery): void {
    if (!this.#running.has(query.id)) return;
    this.#send({ kind: 'cancel', id: query.id });
    this.#kills.set(
      query.id,
      setTimeout(() => this.#child.kill('SIGKILL'), stopGraceMs),
    );
  }

  failAll(error: RipenError): void {
    for (const query of this.#running.values()) {
      this.#forget(query);
      query.fail(error);
    }
  }

  /** Ends the process at once; resolves when it is gone and its spill files are removed. */
  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }

  #send(request: Request): void {
    // A channel that has just closed is reported by the end of the process.
    if (this.#child.connected) this.#child.send(request, () => undefined);
  }

  #receive(reply: Reply): void {
    const query = this.#running.get(reply.id);
    if (query === undefined) return;
    if (reply.kind === 'names' || reply.kind === 'batch') {
      query.add(reply);
      return;
    }
    this.#forget(query);
    query.settle(reply);
    this.#init.onRoom();
  }

  #forget(query: PendingQuery): void {
    this.#running.delete(query.id);
    clearTimeout(this.#kills.get(query.id));
    this.#kills.delete(query.id);
  }

  #followEnd(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    let ended = false;
    const end = (how: string): void => {
      if (ended) return;
      ended = true;
      const reason = this.#errorOutput === '' ? how : `${how}; it wrote: ${this.#errorOutput.trim()}`;
      this.failAll(analyticsErrors['analytics-crashed']({ reason }));
      this.#init.onEnd(reason);
      void rm(this.#init.settings.spillDirectory, { recursive: true, force: true }).finally(resolve);
    };
    this.#child.once('error', (error) => {
      if (this.#child.pid === undefined) end(`it could not be started (${error.message})`);
    });
    this.#child.once('close', (code, signal) => end(signal === null ? `exit status ${code}` : `signal ${signal}`));
    return promise;
  }
}
