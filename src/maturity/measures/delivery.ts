/** The path to production: gates, promotion, rollouts, flow, stability. */
import type { Facts } from '../facts.ts';
import type { Deploy } from '../facts/serving.ts';
import { get, has, rows } from '../facts/table.ts';
import { dayMilliseconds } from '../facts/tally.ts';
import type { Measure, View } from '../model.ts';
import { describe, production, productionDeploys, productionReleases } from './production.ts';
import { condition, measured, median, noData, shareOf } from './share.ts';

const deploys = { one: 'production deploy', many: 'production deploys', none: 'nothing was deployed to production in this time' };

const released = (facts: Facts, deploy: Deploy): boolean => deploy.release !== undefined && has(facts.releases.releases, deploy.release);

/** A release or a rollback brought it there; a person who deploys past both does not count. */
export const onlyThroughPipeline: Measure = (facts, view) =>
  shareOf(
    productionDeploys(facts, view).map((deploy) => ({
      name: describe(deploy),
      met: released(facts, deploy) || deploy.cause === 'rollback' || !deploy.byPerson,
      events: [deploy.number],
    })),
    {
      ...deploys,
      has: 'came through a release, a rollback or the platform itself',
      have: 'came through a release, a rollback or the platform itself',
    },
  );

export const gatedEnvironments: Measure = (facts, view) =>
  shareOf(
    rows(facts.serving.deploys)
      .filter((deploy) => ['staging', production].includes(deploy.environment) && deploy.time >= view.since && deploy.cause !== 'rollback')
      .map((deploy) => ({ name: describe(deploy), met: deploy.gated, events: [...deploy.gateEvents, deploy.number] })),
    {
      one: 'deploy to staging or production',
      many: 'deploys to staging or production',
      none: 'nothing was deployed to staging or production in this time',
      has: 'passed every gate of its environment first',
      have: 'passed every gate of their environment first',
    },
  );

export const promotedOnly: Measure = (facts, view) =>
  shareOf(
    productionDeploys(facts, view).map((deploy) => ({
      name: describe(deploy),
      met: deploy.inStagingFirst !== undefined && (released(facts, deploy) || deploy.cause === 'rollback'),
      events: [...(deploy.inStagingFirst === undefined ? [] : [deploy.inStagingFirst]), deploy.number],
    })),
    {
      ...deploys,
      has: 'served the same digest in staging first, under a release',
      have: 'served the same digest in staging first, under a release',
    },
  );

/** The digest that serves is the one that the gates tested. That its signature was verified is asked besides. */
export const testedArtifacts: Measure = (facts, view) => {
  const all = productionDeploys(facts, view);
  const verified = all.filter((deploy) => deploy.signatureVerified === true).length;
  return shareOf(
    all.map((deploy) => ({
      name: describe(deploy),
      met: deploy.sameDigest && (deploy.gated || deploy.cause === 'rollback'),
      events: [...deploy.gateEvents, deploy.number],
    })),
    { ...deploys, has: 'serves the digest that the gates tested', have: 'serve the digest that the gates tested' },
    [
      {
        met: verified === all.length,
        score: all.length === 0 ? 0 : verified / all.length,
        text: `the signature of ${verified} of ${all.length} was verified when it was admitted`,
      },
    ],
  );
};

/** Production releases that went up in steps with a verdict, those that were stopped on the way included. */
export const progressiveDelivery: Measure = (facts, view) => {
  const rollouts = rows(facts.serving.rollouts).filter((rollout) => rollout.environment === production);
  const key = (one: { deployment: string; revision: string }): string => `${one.deployment} revision ${one.revision}`;
  const judged = new Map(rollouts.flatMap((rollout) => (rollout.verdicts.length > 0 ? [[key(rollout), rollout] as const] : [])));
  const stopped = rollouts.filter((rollout) => rollout.outcome === 'rolled-back' && rollout.time >= view.since);
  const seen = new Map([...productionReleases(facts, view), ...stopped].map((one) => [key(one), one]));
  return shareOf(
    [...seen].map(([name, one]) => ({ name, met: judged.has(name), events: [...(judged.get(name)?.verdicts ?? []), one.number] })),
    {
      one: 'production release',
      many: 'production releases',
      none: 'no model was released to production in this time',
      has: 'was rolled out in steps that were judged',
      have: 'were rolled out in steps that were judged',
    },
  );
};

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
    explanation: `${round(rate)} production releases a week and service (${releases.length} releases of ${services} in ${round(weeks)} weeks)`,
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
    explanation: `${failed.length} of ${releases.length} production releases were rolled back after they served, ${caught} stopped in the canary`,
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
export const handWork: Measure = (facts, view: View) => {
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

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
