/** Longest line that is passed on in one piece. */
const longestLine = 64 * 1024;
const newline = 0x0a;

export interface LineSplitter {
  write(chunk: Buffer): void;
  /** Passes on a last line that has no end. */
  end(): void;
}

/** Bytes to lines: cut at newlines and, where a line is too long, at a character. While `allow` says no, lines are left out. */
export function splitLines(onLine: (line: string) => void, allow: () => boolean = () => true): LineSplitter {
  let pending: Buffer[] = [];
  let length = 0;

  const take = (): Buffer => {
    const line = pending.length === 1 ? pending[0]! : Buffer.concat(pending, length);
    pending = [];
    length = 0;
    return line;
  };
  const keep = (part: Buffer): void => {
    if (part.length === 0) return;
    // Copied, because a short rest would keep the whole chunk in memory.
    pending.push(Buffer.from(part));
    length += part.length;
    while (length > longestLine) {
      const line = take();
      const cut = cutBefore(line, longestLine);
      onLine(line.toString('utf8', 0, cut));
      pending = [line.subarray(cut)];
      length = line.length - cut;
    }
  };

  return {
    write: (chunk) => {
      let at = 0;
      for (let end = chunk.indexOf(newline); end >= 0; end = chunk.indexOf(newline, at)) {
        if (!allow()) {
          take();
          at = chunk.lastIndexOf(newline) + 1;
          break;
        }
        keep(chunk.subarray(at, end));
        onLine(withoutReturn(take()).toString('utf8'));
        at = end + 1;
      }
      keep(chunk.subarray(at));
    },
    end: () => {
      if (length > 0) onLine(withoutReturn(take()).toString('utf8'));
    },
  };
}

/** The last place up to `limit` where no UTF-8 character is cut; `limit` itself when the bytes are not UTF-8. */
function cutBefore(line: Buffer, limit: number): number {
  for (let cut = limit; cut > limit - 4; cut -= 1) if ((line[cut]! & 0xc0) !== 0x80) return cut;
  return limit;
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
}
