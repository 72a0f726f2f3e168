import { connect, type Socket } from 'node:net';
import { decodeTensors, encodeTensors, type Frame, frameKinds, frameReader, type Tensor } from '#kernel/inference/index.ts';

/** The replica ended before it answered; another one may do it. */
export class ReplicaGone extends Error {}
/** The model refused or broke on this input. */
export class RunFailed extends Error {}
export class RunTimedOut extends Error {}

/** One connection to one model server; many runs at a time. */
export interface ModelClient {
  readonly inFlight: number;
  /** @throws ReplicaGone, RunFailed, RunTimedOut */
  run(inputs: readonly Tensor[], timeoutMs: number): Promise<readonly Tensor[]>;
  close(): void;
}

interface Waiting {
  readonly resolve: (outputs: readonly Tensor[]) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export async function connectModel(path: string): Promise<ModelClient> {
  const socket = await open(path);
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const take = (request: number): Waiting | undefined => {
    const one = waiting.get(request);
    if (one !== undefined) clearTimeout(one.timer);
    waiting.delete(request);
    return one;
  };
  const failAll = (): void => {
    for (const request of waiting.keys()) take(request)?.reject(new ReplicaGone('The replica ended before it answered.'));
  };
  const read = frameReader((frame) => settle(frame, take(frame.request)));
  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
  // What went wrong with the socket shows as its end.
  socket.on('error', () => undefined).on('close', failAll);
  return {
    get inFlight() {
      return waiting.size;
    },
    run: (inputs, timeoutMs) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed || !socket.writable) {
          reject(new ReplicaGone('The replica has ended.'));
          return;
        }
        last = (last + 1) >>> 0;
        const request = last;
        const late = (): void => take(request)?.reject(new RunTimedOut(`The model did not answer within ${timeoutMs} ms.`));
        waiting.set(request, { resolve, reject, timer: setTimeout(late, timeoutMs) });
        socket.write(encodeTensors(request, frameKinds.run, inputs));
      }),
    close: () => socket.destroy(),
  };
}

function settle({ kind, body }: Frame, waiting: Waiting | undefined): void {
  // Its caller has given up already.
  if (waiting === undefined) return;
  if (kind === frameKinds.result) waiting.resolve(decodeTensors(body));
  else waiting.reject(new RunFailed(body.toString('utf8')));
}

function open(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('error', reject).once('connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}
