import { mkdtemp, rm } from 'node:fs/promises';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from '#kernel/kernel.ts';
import type { Policy } from '#policy/index.ts';
import { writeEvaluationRows } from './evaluation-rows.ts';
import { type FactSources, gatherFacts, type GatheredFacts } from './gather-facts.ts';
import { evaluateGate } from './gates/evaluate-gate.ts';
import type { GateCheck } from './gates/gate-rules.ts';
import type { GateVerdictReport, SmokeSample } from './gate-worker/protocol.ts';
import { runGateWorker } from './gate-worker/run-gate-worker.ts';
import type { Environment, GateEvaluation, GateOutcome, Release } from './model.ts';

export interface GateDeps extends FactSources {
  readonly kernel: Pick<Kernel, 'clock' | 'home' | 'instance' | 'analytics'>;
  readonly policy: Policy;
  /** Another program in place of the gate worker, and its time. */
  readonly worker?: { readonly file?: string; readonly timeoutMs?: number } | undefined;
}

interface Judged {
  readonly checks: readonly GateCheck[];
  readonly comparedWith: number | undefined;
  readonly measurements: GateEvaluation['measurements'];
  readonly brokeDown: boolean;
}

/** Where gate workers have their files; nothing in it outlives a judgement. */
export function gateDirectory(home: string): string {
  return join(home, 'gates');
}

/** Asks everything there is to ask about the candidate, against what serves in production now. Throws only when `signal` fires. */
export async function judgeCandidate(
  deps: GateDeps,
  release: Release,
  signal: AbortSignal,
): Promise<Judged & { readonly smoke: SmokeSample | undefined }> {
  const began = performance.now();
  const gathered = await gatherFacts(deps, release);
  const { report, failure } = await workerReport(deps, { release, gathered, signal });
  signal.throwIfAborted();
  const checks = [...gathered.checks, ...failure, ...(report?.checks ?? evaluateGate(knownFacts(gathered), release.plan.gates).checks)];
  const { production, sizeBytes } = gathered;
  const figures = report?.measurements;
  return {
    checks,
    comparedWith: production?.state === 'version' ? production.version : undefined,
    measurements: {
      rows: figures?.rows ?? 0,
      latencyP50Ms: figures?.latencyP50Ms,
      latencyP99Ms: figures?.latencyP99Ms,
      batchP50Ms: figures?.batchP50Ms,
      batchRows: figures?.batchRows,
      sizeBytes,
      durationMs: performance.now() - began,
    },
    brokeDown: failure.length > 0,
    smoke: report?.smoke,
  };
}

async function workerReport(
  deps: GateDeps,
  { release, gathered, signal }: { release: Release; gathered: GatheredFacts; signal: AbortSignal },
): Promise<{ report?: GateVerdictReport; failure: readonly GateCheck[] }> {
  const { candidate, evaluation } = gathered;
  // Their own checks say why.
  if (candidate === undefined || evaluation === undefined) return { failure: [] };
  const { kernel, worker } = deps;
  const parent = gateDirectory(kernel.home);
  mkdirSync(parent, { recursive: true });
  const directory = await mkdtemp(join(parent, 'work-'));
  try {
    const rows = join(directory, 'rows.jsonl');
    const { seed } = release.plan.gates.bootstrap;
    await writeEvaluationRows(kernel.analytics, { file: evaluation, inputs: gathered.inputs, seed, target: rows, signal });
    const work = { candidate, production: gathered.productionModel, rows, rules: release.plan.gates, facts: knownFacts(gathered) };
    return { report: await runGateWorker(work, { owner: kernel.instance, directory, signal, ...worker }), failure: [] };
  } catch (error) {
    const explanation = error instanceof Error ? error.message : String(error);
    return { failure: [{ name: 'candidate_evaluated', outcome: 'refused', missing: true, explanation }] };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function knownFacts({ production, version, sizeBytes, contracts }: GatheredFacts) {
  return { production, signature: version?.signature, sizeBytes, contracts };
}

/** The verdict of the policies over the checks. Only a gate whose every check passed and whose policies agree is open. */
export function decide(
  { kernel, policy }: Pick<GateDeps, 'kernel' | 'policy'>,
  release: Release,
  input: Judged & { readonly environment: Environment; readonly approvals: number },
): GateEvaluation {
  const { checks, environment, approvals } = input;
  const approvalsNeeded = environment === 'production' ? release.plan.approvals.needed : 0;
  const count = (matches: (check: GateCheck) => boolean): number => checks.filter(matches).length;
  const decision = policy.decideGate(
    { actor: release.author, scope: 'write', project: release.project, account: undefined },
    release.project,
    {
      environment,
      passed: count((check) => check.outcome === 'passed'),
      refused: count((check) => check.outcome !== 'passed' && check.missing !== true),
      missing: count((check) => check.missing === true),
      approvals,
      approvalsNeeded,
    },
  );
  const allPassed = checks.length > 0 && checks.every((check) => check.outcome === 'passed');
  const refusal: GateCheck[] =
    allPassed && !decision.allowed
      ? [{ name: 'policy', outcome: 'refused', explanation: ['The policies do not allow it.', ...decision.errors].join(' ') }]
      : [];
  const outcome: GateOutcome = allPassed && decision.allowed ? 'passed' : input.brokeDown ? 'error' : 'refused';
  return {
    environment,
    outcome,
    checks: [...checks, ...refusal],
    comparedWith: input.comparedWith,
    policies: decision.reasons,
    approvals,
    approvalsNeeded,
    measurements: input.measurements,
    time: kernel.clock.now(),
  };
}
