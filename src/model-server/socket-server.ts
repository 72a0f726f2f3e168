import { rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { decodeTensors, encodeTensors, encodeText, type Frame, frameKinds, frameReader } from '#kernel/inference/index.ts';
import type { Model } from './model.ts';

/** Answers runs on a local socket until the process ends. */
export function listenForRuns(path: string, model: Model): Promise<void> {
  rmSync(path, { force: true });
  const server = createServer((socket) => serve(socket, model));
  return new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve));
}

function serve(socket: Socket, model: Model): void {
  const read = frameReader((frame) => void answer(frame, model).then((reply) => socket.writable && socket.write(reply)));
  // A peer that goes away in the middle of an answer is the gateway's matter.
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    try {
      read(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

async function answer({ request, body }: Frame, model: Model): Promise<Buffer> {
  try {
    return encodeTensors(request, frameKinds.result, await model.run(decodeTensors(body)));
  } catch (error) {
    return encodeText(request, frameKinds.failed, error instanceof Error ? error.message : String(error));
  }
}
