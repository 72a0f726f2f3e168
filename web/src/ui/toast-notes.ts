import type { State } from './state-mark.tsx';

export interface Note {
  readonly state: State;
  readonly title: string;
  readonly description: string | undefined;
}

let waiting: Note[] = [];
let listener: ((note: Note) => void) | undefined;
let onFirst: (() => void) | undefined;

/** Tells that something finished, at the edge of the page. What needs a decision is a `Dialog`; what failed on a form stays on the form. */
export function notify(state: State, title: string, description?: string): void {
  const note = { state, title, description };
  if (listener !== undefined) return listener(note);
  waiting.push(note);
  onFirst?.();
  return undefined;
}

/** The layer that draws notes; those that came before it are handed over. */
export function drawNotes(draw: (note: Note) => void): () => void {
  listener = draw;
  for (const note of waiting) draw(note);
  waiting = [];
  return () => {
    listener = undefined;
  };
}

export function whenFirstNote(call: () => void): void {
  onFirst = call;
}
