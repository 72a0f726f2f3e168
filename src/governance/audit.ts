import { type ChangeContext, type LogFault, type LogVerification, rootAt, verifyLog } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { openCheckpoints } from './checkpoint.ts';

export interface AuditVerification extends LogVerification {
  readonly checkpoints: { readonly checked: number; readonly newest: number | undefined };
}

/** How many events may pass before the next checkpoint is written. */
const checkpointEvery = 100;

export function createAudit({ events, database, home, log }: Pick<Kernel, 'events' | 'database' | 'home' | 'log'>) {
  const checkpoints = openCheckpoints(home);
  let stopListening = () => {};
  let signedAt = 0;

  async function writeCheckpoint(): Promise<void> {
    const { size, root } = await events.head();
    signedAt = size;
    if (size > 0 && checkpoints.newest() !== size) checkpoints.write({ size, root });
  }

  async function faultsOfCheckpoints(size: number): Promise<LogFault[]> {
    const faults: LogFault[] = [];
    for (const checkpoint of checkpoints.read()) {
      const number = checkpoint.size;
      if (checkpoint.root === undefined)
        faults.push({ number, fault: 'head-changed', explanation: `The signature of the checkpoint at ${number} does not hold.` });
      else if (number > size)
        faults.push({
          number,
          fault: 'missing',
          explanation: `A checkpoint was signed at ${number} events, but the log has only ${size}.`,
        });
      else if ((await rootAt(database, number)) !== checkpoint.root) {
        faults.push({
          number,
          fault: 'head-changed',
          explanation: `The first ${number} events are not those of the checkpoint signed then.`,
        });
      }
    }
    return faults;
  }

  async function check(): Promise<AuditVerification> {
    const log = await verifyLog(database);
    const faults = [...log.faults, ...(await faultsOfCheckpoints(log.size))];
    const signed = checkpoints.read();
    return { ...log, faults, ok: faults.length === 0, checkpoints: { checked: signed.length, newest: signed.at(-1)?.size } };
  }

  return {
    /** Checks every event, the tree and all signed checkpoints. Writes nothing. */
    check,

    /** `check`, with its result recorded as an event. */
    async verify(context: ChangeContext): Promise<AuditVerification> {
      const verification = await check();
      const { size, root, ok } = verification;
      await events.change(context, async (change) => {
        change.emit({ type: 'audit.verified', source: 'governance', subject: 'events', data: { size, root, ok } });
      });
      return verification;
    },

    /** Signs a checkpoint now and then, and once more at the end. */
    async start(): Promise<void> {
      await writeCheckpoint();
      stopListening = events.onAppend((size) => {
        if (size - signedAt < checkpointEvery) return;
        // At once, not when it is signed: a burst of changes must not sign the same size twice.
        signedAt = size;
        writeCheckpoint().catch((error: unknown) => log.error({ err: error }, 'a checkpoint of the event log could not be signed'));
      });
    },

    async stop(): Promise<void> {
      stopListening();
      await writeCheckpoint();
    },
  };
}

export type Audit = ReturnType<typeof createAudit>;
