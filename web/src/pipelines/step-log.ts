import { useEffect, useState } from 'react';
import { ApiError, address, pathOf } from '../api/client.ts';
import { createMessageParser } from '../api/message-parser.ts';
import type { LogLine } from '../ui/log-view.tsx';

export interface StepLog {
  readonly lines: readonly LogLine[];
  /** Lines that were dropped at the beginning because there were too many to keep. */
  readonly dropped: number;
  readonly live: boolean;
  readonly error: Error | undefined;
}

const empty: StepLog = { lines: [], dropped: 0, live: true, error: undefined };
const mostLines = 100_000;
const retryMs = 1_000;
const drawMs = 100;

/** What a step prints, as it comes. A broken connection goes on where it was. */
export function useStepLog(project: string, run: string, step: string): StepLog {
  const [log, setLog] = useState<StepLog>(empty);
  useEffect(() => {
    const ended = new AbortController();
    const collected = createLines();
    let timer: number | undefined;
    const draw = () => {
      timer ??= window.setTimeout(() => {
        timer = undefined;
        setLog({ ...collected.state(), live: true, error: undefined });
      }, drawMs);
    };
    setLog(empty);
    void follow(pathOf`/projects/${project}/pipeline-runs/${run}/steps/${step}/log-stream`, {
      signal: ended.signal,
      onText: (text) => {
        collected.add(text);
        draw();
      },
      onReset: () => {
        collected.clear();
        draw();
      },
    }).then(
      () => {
        window.clearTimeout(timer);
        if (!ended.signal.aborted) setLog({ ...collected.state(), live: false, error: undefined });
      },
      (error: unknown) => {
        window.clearTimeout(timer);
        if (!ended.signal.aborted) setLog({ ...collected.state(), live: false, error: error instanceof Error ? error : undefined });
      },
    );
    return () => {
      ended.abort();
      window.clearTimeout(timer);
    };
  }, [project, run, step]);
  return log;
}

/** Cuts text that comes in pieces into lines; keeps the last of them when there are too many. */
export function createLines() {
  let lines: LogLine[] = [];
  let rest = '';
  let dropped = 0;
  return {
    add(text: string): void {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) lines.push({ stream: 'stdout', text: part });
      // Dropped in large pieces, so that a flood does not copy the list for each line.
      if (lines.length > mostLines * 1.2) {
        dropped += lines.length - mostLines;
        lines = lines.slice(-mostLines);
      }
    },
    clear(): void {
      lines = [];
      rest = '';
      dropped = 0;
    },
    state: () => ({ lines: rest === '' ? [...lines] : [...lines, { stream: 'stdout' as const, text: rest }], dropped }),
  };
}

interface Listener {
  readonly signal: AbortSignal;
  readonly onText: (text: string) => void;
  readonly onReset: () => void;
}

async function follow(path: string, listener: Listener): Promise<void> {
  let position = '0';
  while (!listener.signal.aborted) {
    const headers = { accept: 'text/event-stream', 'last-event-id': position };
    const response = await fetch(address(path), { headers, cache: 'no-store', signal: listener.signal }).catch(() => undefined);
    if (response !== undefined && response.status >= 400 && response.status < 500) throw await refusal(response);
    if (response?.ok === true && response.body !== null) {
      const parse = createMessageParser();
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      try {
        for (let piece = await reader.read(); !piece.done; piece = await reader.read())
          for (const message of parse(piece.value)) {
            position = message.id ?? position;
            if (message.event === 'reset') {
              position = '0';
              listener.onReset();
            } else if (message.event === 'end') return;
            else if (message.event === 'log') listener.onText(textOf(message.data));
          }
      } catch {
        // The connection broke: it is opened again below, from the last position.
      }
    }
    await new Promise((resolve) => window.setTimeout(resolve, retryMs));
  }
}

function textOf(data: string): string {
  const value: unknown = JSON.parse(data);
  return typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string' ? value.text : '';
}

async function refusal(response: Response): Promise<ApiError> {
  const title = `The log could not be read (${response.status})`;
  return new ApiError({ code: `http.${response.status}`, title, detail: await response.text(), status: response.status });
}
