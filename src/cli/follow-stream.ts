import type { Client } from './client.ts';

export interface StreamMessage {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: unknown;
}

/** Reads a stream of server-sent events (WHATWG HTML) whose data is JSON, until it ends or the loop is left. */
export async function* followStream(client: Client, path: string): AsyncGenerator<StreamMessage> {
  const { body } = await client.raw('GET', path, { headers: { accept: 'text/event-stream' } });
  if (body === null) return;
  let rest = '';
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const message = parse(block);
      if (message !== undefined) yield message;
    }
  }
}

/** Undefined for a comment, which only keeps the connection open. */
function parse(block: string): StreamMessage | undefined {
  const fields = new Map<string, string>();
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).replace(/^ /, ''));
  }
  const data = fields.get('data');
  return data === undefined ? undefined : { id: fields.get('id'), event: fields.get('event'), data: JSON.parse(data) as unknown };
}
