import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipelineErrors } from '../errors.ts';
import type { StepExit } from '../executors/executor.ts';
import type { StepDefinition, StepFailure, StepOutput } from '../model.ts';
import { datasetReference, stepParameters } from '../steps/cache-key.ts';
import { stepEnvironment } from '../steps/environment.ts';
import type { RunLogRecord } from '../steps/run-log.ts';
import { findNodeModules } from '../code/environment.ts';
import { keepOutputs, restoreOutput } from './outputs.ts';
import { openRunLogSink } from './run-log-sink.ts';
import { failureOf, type Session } from './session.ts';
import { stepProgress } from './step-progress.ts';

export interface AttemptEnd {
  readonly state: 'succeeded' | 'failed' | 'timed-out' | 'cancelled';
  readonly failure: StepFailure | undefined;
  readonly outputs: Readonly<Record<string, StepOutput>>;
  readonly records: readonly RunLogRecord[];
  readonly warnings: readonly StepFailure[];
  readonly cpuMs: number | undefined;
  readonly peakMemoryBytes: number | undefined;
}

/** Runs a step once. Throws the stop signal's reason when the server stops, after everything of the step has ended. */
export async function attemptStep(session: Session, step: StepDefinition): Promise<AttemptEnd> {
  const { workspace, deps, run } = session;
  await workspace.prepare(step, run.stepCode[step.name] ?? run.codeDigest, stepParameters(run, step));
  const inputs = await inputPaths(session, step);
  const folder = workspace.stepFolder(step.name);
  const cwd = join(folder, 'code');
  const paths = {
    home: join(folder, 'home'),
    temporary: join(folder, 'tmp'),
    parameters: join(folder, 'parameters.json'),
    runLog: join(folder, 'run-log.jsonl'),
  };
  const outputs = Object.fromEntries(Object.keys(step.outputs).map((name) => [name, workspace.outputPath(step, name)]));
  const env = stepEnvironment({ ...paths, inputs, outputs, nodeModules: findNodeModules(cwd) });
  const tracked = step.tracked ? await session.tracked() : undefined;
  session.end.throwIfAborted();
  const progress = stepProgress(session, step.name);
  const running = deps.executor.start({
    command: step.command,
    cwd,
    env,
    timeoutMs: step.timeoutMs,
    logPath: workspace.logPath(step.name),
  });
  const sink = openRunLogSink({
    path: paths.runLog,
    cwd,
    objects: deps.objects,
    tracking: deps.tracking,
    run: tracked,
    onProgress: progress.set,
  });
  const end = (): void => running.stop(session.stop.aborted ? 'the server stops' : 'the pipeline run was cancelled');
  session.end.addEventListener('abort', end, { once: true });
  if (session.end.aborted) end();
  try {
    const exit = await running.ended;
    const kept = await sink.finish();
    return await judge(session, step, { exit, ...kept });
  } finally {
    session.end.removeEventListener('abort', end);
    await sink.finish();
    await progress.settle();
  }
}

async function judge(
  session: Session,
  step: StepDefinition,
  ended: { readonly exit: StepExit; readonly records: readonly RunLogRecord[]; readonly warnings: readonly StepFailure[] },
): Promise<AttemptEnd> {
  const { exit, records } = ended;
  session.stop.throwIfAborted();
  const warnings = [...ended.warnings];
  if (exit.logError !== undefined)
    warnings.push(failureOf(pipelineErrors['log-incomplete']({ reason: exit.logError.message.replace(/\.$/, '') })));
  const common = { records, warnings, cpuMs: exit.cpuMs, peakMemoryBytes: exit.peakMemoryBytes, outputs: {} };
  const failed = (state: 'failed' | 'timed-out' | 'cancelled', error: Error): AttemptEnd => ({
    ...common,
    state,
    failure: failureOf(error),
  });
  const { name, timeoutMs } = step;
  if (exit.reason === 'timed-out') return failed('timed-out', pipelineErrors['step-timed-out']({ step: name, timeoutMs }));
  if (session.cancel.aborted) return failed('cancelled', pipelineErrors['step-cancelled']({ step: name }));
  if (exit.code === undefined) {
    const { peakMemoryBytes } = exit;
    return failed('failed', pipelineErrors['step-signal']({ step: name, signal: exit.signal ?? 'a signal', peakMemoryBytes }));
  }
  if (exit.code !== 0) {
    const lastLine = await lastWords(session.workspace.logPath(name));
    return failed('failed', pipelineErrors['step-exit']({ step: name, exitCode: exit.code, lastLine }));
  }
  try {
    const outputs = await keepOutputs(session.deps.objects, step, (output) => session.workspace.outputPath(step, output));
    return { ...common, state: 'succeeded', failure: undefined, outputs };
  } catch (error) {
    return failed('failed', error instanceof Error ? error : new Error(String(error)));
  }
}

/** Where each input lies: written there by its step in this life of the server, or put there from what was kept. */
async function inputPaths(session: Session, step: StepDefinition): Promise<Record<string, string>> {
  const paths: Record<string, string> = {};
  for (const [name, source] of Object.entries(step.inputs)) {
    if (source.kind === 'dataset') paths[name] = await session.dataset(await session.pin(datasetReference(source)));
    else paths[name] = await outputOf(session, source.step, source.output);
  }
  return paths;
}

async function outputOf(session: Session, stepName: string, output: string): Promise<string> {
  const definition = session.run.definition.steps.find((step) => step.name === stepName);
  const kept = session.steps.get(stepName)?.outputs[output];
  if (definition === undefined || kept === undefined) throw pipelineErrors['output-lost']({ step: stepName, output });
  const target = session.workspace.outputPath(definition, output);
  const restoring = session.restored.get(target) ?? restoreOutput(session.deps.objects, kept, target).then(() => target);
  session.restored.set(target, restoring);
  return restoring;
}

const tailBytes = 8192;

/** The line of a log that most likely says what went wrong: the last that names an error, else the last one. */
async function lastWords(path: string): Promise<string | undefined> {
  await using file = await open(path, 'r');
  const { size } = await file.stat();
  const start = Math.max(0, size - tailBytes);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(tailBytes), 0, tailBytes, start);
  const lines = buffer
    .toString('utf8', 0, bytesRead)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('Node.js v'));
  return (lines.findLast((line) => /^(?:\w*(?:Error|Exception)\b|error\b|fatal\b)/i.test(line)) ?? lines.at(-1))?.slice(0, 300);
}
