import type { ObjectStore } from '#kernel/objects/index.ts';
import type { Database } from '#kernel/database/index.ts';
import { readManifest } from './code/manifest.ts';
import type { KeyParts, PipelineRun, StepDefinition, StepRun } from './model.ts';
import { earlierSteps, selectStep, selectSteps } from './step-store.ts';
import { changedEnvironment, changedFiles, changedParts, changedValues } from './steps/key-changes.ts';

/** Why a step ran or was reused. */
export interface StepExplanation {
  readonly step: string;
  readonly decision: 'ran' | 'reused' | 'waiting' | 'not-run';
  /** The pipeline run it was compared with, or whose result was reused. */
  readonly comparedWith: string | undefined;
  /** Short sentences, the most telling first. */
  readonly reasons: readonly string[];
}

interface ExplainDeps {
  readonly database: Database;
  readonly objects: ObjectStore;
}

const candidates = 20;

/** Explains each step of a run by what differs from the nearest earlier time that it ran. */
export async function explainRun(deps: ExplainDeps, run: PipelineRun): Promise<readonly StepExplanation[]> {
  const steps = await selectSteps(deps.database, run.id);
  const explained: StepExplanation[] = [];
  for (const definition of run.definition.steps) {
    const step = steps.find((candidate) => candidate.step === definition.name);
    if (step !== undefined) explained.push(await explainStep(deps, { run, steps }, { definition, step }));
  }
  return explained;
}

interface Whole {
  readonly run: PipelineRun;
  readonly steps: readonly StepRun[];
}

async function explainStep(
  deps: ExplainDeps,
  whole: Whole,
  { definition, step }: { definition: StepDefinition; step: StepRun },
): Promise<StepExplanation> {
  const say = (decision: StepExplanation['decision'], reasons: readonly string[], comparedWith?: string): StepExplanation => ({
    step: step.step,
    decision,
    comparedWith,
    reasons,
  });
  if (step.state === 'queued') return say('waiting', ['it waits for the steps before it']);
  if (step.state === 'skipped') return say('not-run', ['a step before it did not succeed']);
  const earlier = step.keyParts === undefined ? [] : await earlierOf(deps, whole.run, step);
  if (step.state === 'cached') {
    const source = earlier.find((candidate) => candidate.id === step.cachedFrom);
    const where = source === undefined ? 'another pipeline' : 'an earlier run';
    return say('reused', [`command, code, environment, parameters and inputs are those of ${where}`], source?.pipelineRun);
  }
  if (step.keyParts === undefined) return say('not-run', [step.failure?.message ?? 'it ended before it could begin']);
  const nearest = nearestOf(step.keyParts, earlier);
  if (whole.run.fresh) return say('ran', ['the run was started fresh, without the cache'], nearest?.pipelineRun);
  if (!definition.cache) return say('ran', ['the step says cache: false'], nearest?.pipelineRun);
  if (nearest?.keyParts === undefined) return say('ran', ['it has not run before in this pipeline']);
  const reasons = await changeReasons(deps, whole, { now: step.keyParts, before: nearest });
  return say('ran', reasons.length > 0 ? reasons : [sameKeyReason(nearest)], nearest.pipelineRun);
}

function earlierOf(deps: ExplainDeps, run: PipelineRun, step: StepRun): Promise<StepRun[]> {
  return earlierSteps(deps.database, { project: run.project, pipeline: run.pipeline, step, limit: candidates });
}

/** The one with the fewest differences; among equals one with a result, then the newest. */
function nearestOf(parts: KeyParts, earlier: readonly StepRun[]): StepRun | undefined {
  const distance = (step: StepRun): number => (step.keyParts === undefined ? Infinity : changedParts(step.keyParts, parts).length);
  const withResult = (step: StepRun): number => (step.state === 'succeeded' || step.state === 'cached' ? 0 : 0.5);
  return earlier.toSorted((a, b) => distance(a) + withResult(a) - distance(b) - withResult(b))[0];
}

function sameKeyReason(before: StepRun): string {
  if (before.state === 'succeeded' || before.state === 'cached') return 'nothing changed, but the kept outputs of the earlier run are gone';
  return before.state === 'running'
    ? 'nothing changed; the same step was still running elsewhere'
    : `nothing changed, but the earlier run of it ${wordFor(before.state)}`;
}

function wordFor(state: StepRun['state']): string {
  return state === 'timed-out' ? 'timed out' : state === 'cancelled' ? 'was cancelled' : state;
}

async function changeReasons(deps: ExplainDeps, whole: Whole, { now, before }: { now: KeyParts; before: StepRun }): Promise<string[]> {
  const then = before.keyParts;
  if (then === undefined) return [];
  const reasons: string[] = [];
  for (const part of changedParts(then, now)) {
    if (part === 'command') reasons.push(`command "${then.command}" → "${now.command}"`);
    if (part === 'code')
      reasons.push(...changedFiles(await readManifest(deps.objects, then.code), await readManifest(deps.objects, now.code)));
    if (part === 'environment')
      reasons.push(...changedEnvironment(...(await Promise.all([then.environment, now.environment].map((digest) => text(deps, digest))))));
    if (part === 'parameters') reasons.push(...changedValues('parameter', then.parameters, now.parameters));
    if (part === 'outputs') reasons.push(...changedValues('output', then.outputs, now.outputs));
    if (part === 'publishes') reasons.push('what it publishes, or a contract, changed');
    if (part === 'inputs') reasons.push(...(await inputReasons(deps, whole, { now, earlier: then, beforeRun: before.pipelineRun })));
  }
  return reasons;
}

async function text(deps: ExplainDeps, digest: KeyParts['environment']): Promise<string> {
  return (await deps.objects.read(digest)).toString('utf8');
}

/** A new input is explained by what made it new: another snapshot, or why the step that wrote it ran. */
async function inputReasons(
  deps: ExplainDeps,
  whole: Whole,
  { now, earlier, beforeRun }: { now: KeyParts; earlier: KeyParts; beforeRun: string },
): Promise<string[]> {
  const reasons: string[] = [];
  for (const name of new Set([...Object.keys(earlier.inputs), ...Object.keys(now.inputs)])) {
    const [a, b] = [earlier.inputs[name], now.inputs[name]];
    if (a?.digest === b?.digest) continue;
    if (a === undefined || b === undefined) reasons.push(`input ${name} ${a === undefined ? 'added' : 'removed'}`);
    else if (b.label.startsWith('dataset ')) reasons.push(`input ${name}: ${a.label} → ${b.label.replace(/^.*@/, '')}`);
    else reasons.push(`input ${name}: new content${await because(deps, whole, { label: b.label, beforeRun })}`);
  }
  return reasons;
}

async function because(deps: ExplainDeps, whole: Whole, { label, beforeRun }: { label: string; beforeRun: string }): Promise<string> {
  const name = label.split('/')[0] ?? '';
  const now = whole.steps.find((step) => step.step === name);
  const before = await selectStep(deps.database, beforeRun, name);
  if (now?.keyParts === undefined || before?.keyParts === undefined) return ` from ${name}`;
  const reasons = await changeReasons(deps, whole, { now: now.keyParts, before });
  if (reasons.length === 0) return ` from ${name}, which gave another result from the same inputs`;
  return ` because ${reasons.slice(0, 3).join(', ')}`;
}
