import type { Actor } from '#kernel/events/index.ts';
import type { Branded } from '#kernel/ids.ts';
import type { ModelMetric } from '../model.ts';
import { limits } from '../names.ts';
import { loggedModelErrors } from './errors.ts';

/** `m-` and 32 lower-case hex digits. */
export type LoggedModelId = Branded<'LoggedModelId'>;

/**
 * Which action leads from which state to which. `finish` after `fail` is for a client that was slower than our patience, or that
 * sent the files once more.
 */
export const loggedModelStates = {
  pending: { finish: 'ready', fail: 'upload-failed' },
  ready: { fail: 'upload-failed' },
  'upload-failed': { finish: 'ready' },
} as const;

export type LoggedModelState = keyof typeof loggedModelStates;
export type LoggedModelAction = 'finish' | 'fail';

/** @throws `tracking.logged-model-state` */
export function nextState(model: string, state: LoggedModelState, action: LoggedModelAction): LoggedModelState {
  const next = (loggedModelStates[state] as { readonly [Action in LoggedModelAction]?: LoggedModelState })[action];
  if (next === undefined) throw loggedModelErrors['logged-model-state']({ model, state, action });
  return next;
}

/** A model as a run made it: its files, what it was made with and how good it turned out. Registering it gives it a version. */
export interface LoggedModel {
  readonly id: LoggedModelId;
  readonly project: string;
  readonly experiment: string;
  readonly experimentId: string;
  readonly experimentSequence: number;
  readonly experimentLocation: string | undefined;
  readonly name: string;
  readonly state: LoggedModelState;
  /** What its maker calls its kind: `classifier`, `agent`, … */
  readonly modelType: string | undefined;
  readonly sourceRun: string | undefined;
  readonly createdBy: Actor;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt: number | undefined;
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The latest point of each metric on each dataset. */
  readonly metrics: readonly ModelMetric[];
}

const forbidden = ['/', ':', '.', '%', '"', "'"];

/** @throws `tracking.logged-model-name-invalid` */
export function checkLoggedModelName(name: string): string {
  const problem = problemOf(name);
  if (problem !== undefined) throw loggedModelErrors['logged-model-name-invalid']({ name: name.slice(0, 100), problem });
  return name;
}

function problemOf(name: string): string | undefined {
  if (name === '') return 'it is empty';
  if (name.length > limits.name) return `it has ${name.length} characters and the limit is ${limits.name}`;
  const bad = forbidden.find((character) => name.includes(character));
  if (bad !== undefined) return `it holds ${bad}`;
  if (/\p{Cc}/u.test(name)) return 'it holds a control character';
  return name.isWellFormed() ? undefined : 'it is not valid Unicode';
}
