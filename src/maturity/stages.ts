/** What reaching a stage takes, and how much history each stage needs before a score means anything. */
import type { Facts } from './facts.ts';
import type { Stage, StageReached, Volume } from './model.ts';

export const stageTitles: Readonly<Record<StageReached, string>> = {
  none: 'Not yet Initial',
  initial: 'Initial',
  repeatable: 'Repeatable',
  scalable: 'Scalable',
  reliable: 'Reliable',
};

/** Weighted score that a stage needs to be reached, and below which a reached stage is lost. */
export const reachScore = 0.8;
export const keepScore = 0.75;

/** A must may fail this long in a reached stage before the stage is lost: 24 hours, so that one bad hour does not cost it. */
export const mustGraceMilliseconds = 24 * 3_600_000;

/** Controls whose failure costs the stage at once: isolation, four eyes, the audit chain. */
export const failAtOnce: ReadonlySet<string> = new Set(['S1-SBX-2', 'E-GOV-2', 'E-GOV-3', 'S3-ACC-1', 'S3-ACC-4']);

const runs = (needed: number) => (facts: Facts) => ({ text: 'runs', observed: facts.runs.count, needed });
const pipelineRuns = (needed: number) => (facts: Facts) => ({ text: 'pipeline runs', observed: facts.runs.pipelineRunCount, needed });
const releases = (needed: number) => (facts: Facts) => ({ text: 'releases', observed: facts.releases.releasedCount, needed });

const volumeRules: Readonly<Record<Stage, readonly ((facts: Facts) => Volume)[]>> = {
  initial: [runs(10)],
  repeatable: [runs(10), pipelineRuns(10)],
  scalable: [runs(10), releases(3)],
  reliable: [runs(10), releases(3)],
};

export function volumeOf(stage: Stage, facts: Facts): readonly Volume[] {
  return volumeRules[stage].map((rule) => rule(facts));
}
