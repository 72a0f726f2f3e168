/**
 * The gate worker: one process for one judgement, because a bad model can end ONNX Runtime with a signal, and because thousands of resamples
 * would hold up the control plane.
 */
import { exitWithParent } from '#kernel/processes/index.ts';
import { judge } from './judge.ts';
import type { GateWork, GateWorkerMessage } from './protocol.ts';

exitWithParent();
// Waits for its work and then for the parent to take the answer.
process.channel?.ref();
// Our own control plane sends it; both ends are typed by the protocol.
process.once('message', (work: GateWork) => void answer(work));
say({ kind: 'ready' });

async function answer(work: GateWork): Promise<void> {
  try {
    say({ kind: 'verdict', report: await judge(work) });
  } catch (error) {
    say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

function say(message: GateWorkerMessage): void {
  process.send?.(message);
}
