import { readFileSync } from 'node:fs';
import { exitWithParent } from '#kernel/processes/index.ts';
import { signatureProblem } from './check-signature.ts';
import { openModel } from './model.ts';
import { type ModelServerMessage, type ModelServerSpec, plainRows } from '#kernel/inference/index.ts';
import { listenForRuns } from './socket-server.ts';

// Serves one revision of one model: loads it, checks that it is the registered one, answers runs on a local socket.
exitWithParent();
const spec = JSON.parse(process.argv[2] ?? '{}') as ModelServerSpec;
const tell = (message: ModelServerMessage): Promise<void> =>
  new Promise((resolve) => process.send?.(message, () => resolve()) ?? resolve());
try {
  await start();
} catch (error) {
  await tell({ kind: 'refused', reason: error instanceof Error ? error.message : String(error) });
  process.exit(3);
}

async function start(): Promise<void> {
  const started = performance.now();
  const model = await openModel(spec.model, spec.threads);
  const problem = signatureProblem(spec.signature, model.signature);
  if (problem !== undefined) throw new Error(`The model file is not the registered model: ${problem}`);
  // The first runs allocate memory and are slow; nobody should wait for them.
  for (let run = 0; run < spec.warmUpRuns; run++) await model.run(plainRows(model.signature.inputs, 1));
  await listenForRuns(spec.socket, model);
  if (spec.memoryBytes !== undefined) watchMemory(spec.memoryBytes);
  await tell({ kind: 'ready', loadMs: performance.now() - started });
}

/** ONNX Runtime allocates outside of the JavaScript heap, so the whole process is measured. */
function watchMemory(limit: number): void {
  setInterval(() => {
    const bytes = residentBytes();
    if (bytes > limit) void tell({ kind: 'memory-limit', bytes }).finally(() => process.exit(4));
  }, 500).unref();
}

function residentBytes(): number {
  try {
    const pages = Number(readFileSync('/proc/self/statm', 'utf8').split(' ')[1]);
    return pages * 4096;
  } catch {
    // No /proc on this system.
    return process.memoryUsage.rss();
  }
}
