import { RipenError } from '#kernel/errors.ts';
import type { OutcomesWire } from '#tracking/index.ts';
import { type ImportSession, post } from './session.ts';

type Outcome = OutcomesWire['items'][number];

/** Characters of one request; the server takes several times as many bytes. */
const mostCharacters = 8_000_000;
const pointCharacters = 40;

interface Sendable {
  readonly id: string;
  readonly metrics?: readonly { readonly steps: readonly number[] }[];
}

/**
 * Sends items in requests of a bounded size. Where a request is refused as a whole, its items are sent one by one, so that what is wrong
 * with one of them keeps back no other.
 */
export async function sendParts(session: ImportSession, path: 'runs' | 'traces', items: readonly Sendable[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let part: Sendable[] = [];
  let size = 0;
  const flush = async () => {
    if (part.length > 0) outcomes.push(...(await sendPart(session, path, part)));
    part = [];
    size = 0;
  };
  for (const item of items) {
    const own = sizeOf(item);
    if (size + own > mostCharacters) await flush();
    part.push(item);
    size += own;
  }
  await flush();
  return outcomes;
}

function sizeOf({ metrics = [], ...facts }: Sendable): number {
  return JSON.stringify(facts).length + metrics.reduce((sum, { steps }) => sum + 200 + steps.length * pointCharacters, 0);
}

async function sendPart(session: ImportSession, path: 'runs' | 'traces', items: readonly Sendable[]): Promise<Outcome[]> {
  try {
    return (await post<OutcomesWire>(session, path, { [path]: items })).items;
  } catch (error) {
    if (!(error instanceof RipenError) || (error.kind !== 'limit' && error.kind !== 'input')) throw error;
    const [only, ...others] = items;
    if (only !== undefined && others.length === 0) {
      const { code, message, details } = error;
      const problem = details === undefined ? message : `${message} ${JSON.stringify(details).slice(0, 500)}`;
      return [{ id: only.id, outcome: 'refused', problem: { code, message: problem } }];
    }
    const outcomes: Outcome[] = [];
    for (const item of items) outcomes.push(...(await sendPart(session, path, [item])));
    return outcomes;
  }
}
