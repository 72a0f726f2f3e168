/** The path to production: gates, promotion, rollouts. */
import type { Facts } from '../facts.ts';
import type { Deploy } from '../facts/serving.ts';
import { has, rows } from '../facts/table.ts';
import type { Measure } from '../model.ts';
import { describe, production, productionDeploys, productionReleases } from './production.ts';
import { shareOf } from './share.ts';

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
