export interface StreamMessage {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: string;
}

/**
 * Reads a `text/event-stream` (WHATWG HTML, server-sent events) piece by piece; pieces may end anywhere. Lines end with LF or CRLF.
 * @returns takes the next piece and gives the messages that it completed
 */
export function createMessageParser(): (piece: string) => readonly StreamMessage[] {
  let rest = '';
  let id: string | undefined;
  let event: string | undefined;
  let data: string[] = [];

  function takeLine(line: string): StreamMessage | undefined {
    if (line === '') {
      const message = data.length === 0 ? undefined : { id, event, data: data.join('\n') };
      event = undefined;
      data = [];
      return message;
    }
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'id') id = value;
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
    return undefined;
  }

  return (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    return lines.flatMap((line) => takeLine(line.replace(/\r$/, '')) ?? []);
  };
}
