import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { asRipenError } from '#kernel/errors.ts';
import { followFile, parseRunLogLine, type RunLogLine } from '#pipelines/index.ts';
import type { Client } from './client.ts';
import { url } from './url.ts';

const lookMs = 250;
const mostBytes = 256 * 1024 * 1024;
const batch = 1000;

interface Sending {
  readonly client: Client;
  /** `/api/v1/projects/<project>/runs/<run>` */
  readonly path: string;
  /** The run log that the command appends to. */
  readonly file: string;
  /** What paths of artifacts are relative to. */
  readonly directory: string;
  readonly warn: (text: string) => void;
}

/** Sends what a command writes to its run log to the tracked run, as it comes. The returned function reads the rest and ends. */
export function sendRunLog(sending: Sending): () => Promise<void> {
  const follower = followFile(sending.file, mostBytes);
  const ending = new AbortController();
  const read = async (end?: 'end') => send(sending, await follower.lines(end));
  const follow = async () => {
    while (!ending.signal.aborted) {
      await pause(lookMs, undefined, { signal: ending.signal }).catch(() => undefined);
      await read();
    }
    await read('end');
    await follower.close();
  };
  const following = follow();
  // Whoever ends it is told; until then nobody waits for it.
  following.catch(() => undefined);
  return async () => {
    ending.abort();
    await following;
  };
}

async function send(sending: Sending, texts: readonly string[]): Promise<void> {
  const lines: RunLogLine[] = [];
  for (const text of texts.filter((each) => each.trim() !== '')) {
    const parsed = parseRunLogLine(text);
    if ('reason' in parsed) sending.warn(`A line of the run log was left out: ${parsed.reason}`);
    else lines.push(parsed.line);
  }
  for (let start = 0; start < lines.length; start += batch) await sendBatch(sending, lines.slice(start, start + batch));
  for (const line of lines) if (line.type === 'artifact') await sendArtifact(sending, line);
}

async function sendBatch({ client, path, warn }: Sending, lines: readonly RunLogLine[]): Promise<void> {
  const metrics = lines
    .filter((line) => line.type === 'metric')
    .map(({ name, value, step, time }) => ({ name, value: Number.isFinite(value) ? value : String(value), step, time }));
  const named = (type: 'parameter' | 'tag') => {
    const found = lines.filter((line) => line.type === 'parameter' || line.type === 'tag').filter((line) => line.type === type);
    return Object.fromEntries(found.map(({ name, value }) => [name, typeof value === 'object' ? JSON.stringify(value) : value]));
  };
  const [parameters, tags] = [named('parameter'), named('tag')];
  if (metrics.length === 0 && Object.keys(parameters).length === 0 && Object.keys(tags).length === 0) return;
  try {
    await client.post(`${path}/log`, { metrics, parameters, tags });
  } catch (error) {
    // The command goes on: its result does not depend on what is shown of it.
    warn(`Not logged: ${asRipenError(error).message}`);
  }
}

async function sendArtifact(
  { client, path, directory, warn }: Sending,
  { name, path: file }: Extract<RunLogLine, { type: 'artifact' }>,
): Promise<void> {
  try {
    await putArtifact({ client, path }, name, resolve(directory, file));
  } catch (error) {
    warn(`The artifact ${name} was not kept: ${asRipenError(error).message}`);
  }
}

export async function putArtifact({ client, path }: Pick<Sending, 'client' | 'path'>, name: string, file: string): Promise<void> {
  await stat(file);
  await client.raw('PUT', path + url`/artifacts/${name}`, {
    // The web stream of a Node stream is the same at run time; the two declarations differ.
    body: Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>,
    headers: { 'content-type': 'application/octet-stream' },
  });
}
