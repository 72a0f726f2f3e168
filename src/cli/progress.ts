import { styleText } from 'node:util';
import { formatDuration } from './output.ts';

/** Tells how work goes: a moving line in a terminal, plain lines at the beginning of a chapter and the end of each task elsewhere. */
export interface Progress {
  chapter(title: string): void;
  /** Shows `title` while `work` runs, and then its note and duration. A failure is shown and thrown on. */
  task<Result>(title: string, work: (task: Task) => Promise<Result>): Promise<Result>;
  /** A line of its own. */
  say(text: string): void;
}

export interface Task {
  /** `done` of `total`; a rate is shown from them. Without `total` only the note moves. */
  update(state: { readonly done?: number; readonly total?: number; readonly unit?: string; readonly note?: string }): void;
  /** What is shown beside the title when the task has ended. */
  result(note: string): void;
}

interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const refreshMs = 100;
const titleWidth = 44;
const barWidth = 20;

export function createProgress(output: Output = process.stdout, now: () => number = () => performance.now()): Progress {
  const live = output.isTTY === true;
  return {
    chapter: (title) => output.write(`\n${styleText('bold', title)}\n`),
    say: (text) => output.write(`${text}\n`),
    async task(title, work) {
      const started = now();
      const line = createLine(title, { started, now });
      const timer = live ? setInterval(() => output.write(`\r\x1b[2K${line.moving(output.columns ?? 100)}`), refreshMs) : undefined;
      try {
        const result = await work(line.task);
        output.write(`${live ? '\r\x1b[2K' : ''}${line.ended('done')}\n`);
        return result;
      } catch (error) {
        output.write(`${live ? '\r\x1b[2K' : ''}${line.ended('failed')}\n`);
        throw error;
      } finally {
        clearInterval(timer);
      }
    },
  };
}

function createLine(title: string, { started, now }: { started: number; now: () => number }) {
  let state: Parameters<Task['update']>[0] = {};
  let ended = '';
  const task: Task = {
    update: (next) => {
      state = { ...state, ...next };
    },
    result: (note) => {
      ended = note;
    },
  };
  const elapsed = () => formatDuration(now() - started) ?? '';
  const rate = () => {
    const seconds = (now() - started) / 1000;
    return state.done === undefined || seconds < 1 ? '' : `${Math.round(state.done / seconds).toLocaleString('en')} ${state.unit ?? ''}/s`;
  };
  return {
    task,
    moving(columns: number): string {
      const frame = frames[Math.floor(now() / refreshMs) % frames.length] ?? '';
      const parts = [bar(state.done, state.total), rate(), state.note ?? '', elapsed()].filter((part) => part !== '');
      return `  ${frame} ${title.padEnd(titleWidth)} ${parts.join('  ')}`.slice(0, columns - 1);
    },
    ended(outcome: 'done' | 'failed'): string {
      const mark = outcome === 'done' ? styleText('green', '✔') : styleText('red', '✖');
      const note = outcome === 'done' ? ended : 'failed';
      return `  ${mark} ${title.padEnd(titleWidth)} ${elapsed().padStart(8)}  ${styleText('dim', note)}`.trimEnd();
    },
  };
}

function bar(done: number | undefined, total: number | undefined): string {
  if (done === undefined || total === undefined || total === 0) return '';
  const filled = Math.round(barWidth * Math.min(1, done / total));
  return `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${Math.floor((100 * done) / total)} %`;
}
