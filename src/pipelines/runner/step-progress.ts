import type { Progress } from '../model.ts';
import { updateStep } from '../step-store.ts';
import type { Session } from './session.ts';

const writeMs = 500;

/** Keeps how far a step says it is, written at most twice a second. */
export function stepProgress(
  session: Session,
  step: string,
): { readonly set: (progress: Progress) => void; readonly settle: () => Promise<void> } {
  const { deps } = session;
  let writing = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let latest: Progress | undefined;

  const write = (): void => {
    timer = undefined;
    const stepRun = session.steps.get(step);
    if (stepRun === undefined) return;
    writing = deps.events.database
      .transaction((tx) => updateStep(tx, stepRun.id, { progress: latest }))
      .then(() => undefined)
      .catch((error: unknown) => deps.log.warn({ err: error, step }, 'the progress of a step was not kept'));
  };

  return {
    set(progress) {
      latest = progress;
      timer ??= setTimeout(write, writeMs);
    },
    async settle() {
      if (timer !== undefined) {
        clearTimeout(timer);
        write();
      }
      await writing;
    },
  };
}
