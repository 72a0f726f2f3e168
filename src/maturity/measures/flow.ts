/** How often and how fast changes reach production, how many fail there, and how much of it is work by hand. */
import type { Facts } from '../facts.ts';
import type { Deploy } from '../facts/serving.ts';
import { get, rows } from '../facts/table.ts';
import { dayMilliseconds } from '../facts/tally.ts';
import type { Measure } from '../model.ts';
import { describe, productionReleases } from './production.ts';
import { condition, counted, measured, median, noData } from './share.ts';

const leadDays = 7;
const weekMilliseconds = 7 * dayMilliseconds;

/** Deploys a week and active service, and how long a change takes from its commit to production. */
export const flow: Measure = (facts, view) => {
  const releases = productionReleases(facts, view);
  const first = releases[0];
  if (first === undefined) return noData('no model was released to production in this time');
  const services = new Set(releases.map((deploy) => deploy.deployment)).size;
  const weeks = Math.max(1, (view.at - Math.max(first.time, view.since)) / weekMilliseconds);
  const rate = releases.length / weeks / services;
  const leads = releases.flatMap((deploy) => leadTime(facts, deploy) ?? []);
  const lead = leads.length === releases.length ? median(leads) : undefined;
  const text =
    lead === undefined
      ? `the lead time is not known: the commit time of ${releases.length - leads.length} of ${releases.length} releases is not recorded`
      : `the median lead time from commit to production is ${round(lead / dayMilliseconds)} days; needs at most ${leadDays}`;
  return measured({
    value: rate,
    numerator: releases.length,
    denominator: services,
    explanation: `each service is released ${round(rate)} times a week (${counted(releases.length, 'release', 'releases')} of ${counted(services, 'service', 'services')} in ${round(weeks)} weeks)`,
    evidence: releases.map((deploy) => deploy.number),
    conditions: [condition(lead !== undefined && lead <= leadDays * dayMilliseconds, text)],
  });
};

function leadTime(facts: Facts, deploy: Deploy): number | undefined {
  const run = get(facts.models.versions, deploy.model, deploy.version)?.run;
  const commitTime = run === undefined ? undefined : get(facts.runs.runs, run)?.commitTime;
  return commitTime === undefined ? undefined : deploy.time - commitTime;
}

const recoveryHours = 24;

/** Releases that had to be rolled back after they served. One stopped in its canary was caught, and counts apart. */
export const stability: Measure = (facts, view) => {
  const releases = productionReleases(facts, view);
  if (releases.length === 0) return noData('no model was released to production in this time');
  const failed = releases.filter((deploy) => deploy.failed !== undefined);
  const caught = rows(facts.serving.rollouts).filter((rollout) => rollout.outcome === 'rolled-back' && rollout.time >= view.since).length;
  const recovery = median(
    rows(facts.serving.rollbacks).flatMap((rollback) =>
      failed.some((deploy) => deploy.failed?.number === rollback.number) ? (rollback.durationMs ?? []) : [],
    ),
  );
  const hours = recovery === undefined ? undefined : recovery / 3_600_000;
  return measured({
    value: failed.length / releases.length,
    numerator: failed.length,
    denominator: releases.length,
    explanation: `${failed.length} of ${counted(releases.length, 'production release was', 'production releases were')} rolled back after they served, ${caught} stopped in the canary`,
    missing: failed.map(describe),
    evidence: releases.filter((deploy) => deploy.failed === undefined).map((deploy) => deploy.number),
    counterEvidence: failed.flatMap((deploy) => [deploy.number, deploy.failed?.number ?? deploy.number]),
    conditions:
      failed.length === 0
        ? []
        : [
            condition(
              hours !== undefined && hours <= recoveryHours,
              `the median recovery took ${hours === undefined ? 'an unknown time' : `${round(hours)} h`}; needs at most ${recoveryHours} h`,
            ),
          ],
  });
};

/** What people did by hand for each release: starting its pipeline, asking for it, deploying past it. Approvals do not count. */
export const handWork: Measure = (facts, view) => {
  const releases = rows(facts.releases.releases).filter(
    (release) => release.outcome === 'released' && (release.finished?.time ?? 0) >= view.since,
  );
  if (releases.length === 0) return noData('no release has finished in this time');
  const counts = releases.map((release) => {
    const run = get(facts.models.versions, release.model, release.version)?.run;
    const pipelineRun = run === undefined ? undefined : get(facts.runs.runs, run)?.pipelineRun;
    const start = pipelineRun === undefined ? undefined : get(facts.runs.pipelineRuns, pipelineRun);
    const settings = rows(facts.serving.deploys).filter(
      (deploy) => deploy.release === release.release && deploy.byPerson && deploy.cause === 'config',
    );
    return [
      ...(start?.manual === true ? [start.number] : []),
      ...(release.byPerson ? [release.number] : []),
      ...settings.map((deploy) => deploy.number),
    ];
  });
  const value = median(counts.map((events) => events.length)) ?? 0;
  return measured({
    value,
    numerator: value,
    denominator: releases.length,
    explanation: `the median release took ${round(value)} steps by hand, approvals apart, over ${releases.length} ${releases.length === 1 ? 'release' : 'releases'}`,
    evidence: releases.flatMap((release) => release.finished?.number ?? []),
    counterEvidence: counts.flat(),
  });
};

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
