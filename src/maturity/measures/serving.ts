/** Model services: their specifications, contracts, independence, rollback. */
import type { Facts } from '../facts.ts';
import { passedChecks } from '../facts/models.ts';
import { get, rows } from '../facts/table.ts';
import type { Measure } from '../model.ts';
import { describe, production, productionDeploys, productionServices } from './production.ts';
import { counted, measured, noData, shareOf } from './share.ts';

const services = { one: 'production service', many: 'production services', none: 'nothing serves in production' };

export const specComplete: Measure = (facts) =>
  shareOf(
    rows(facts.serving.deployments).map((row) => ({ name: row.deployment, met: row.specComplete, events: [row.number] })),
    {
      one: 'deployment',
      many: 'deployments',
      none: 'there is no deployment yet',
      has: 'has a complete specification',
      have: 'have a complete specification',
    },
  );

/** Time within which a rollback must bring the good version back. */
const rollbackTargetMs = 10 * 60_000;

export const rollbackWorks: Measure = (facts, view) =>
  shareOf(
    productionServices(facts).map((service) => {
      const proof = rows(facts.serving.rollbacks).findLast(
        (row) =>
          row.deployment === service.deployment &&
          row.environment === production &&
          row.time >= view.since &&
          row.durationMs !== undefined &&
          row.durationMs <= rollbackTargetMs,
      );
      return { name: service.deployment, met: proof !== undefined, events: [proof?.number ?? service.number] };
    }),
    { ...services, has: 'was rolled back within 10 minutes', have: 'were rolled back within 10 minutes' },
  );

export const registeredOnly: Measure = (facts) =>
  shareOf(
    rows(facts.serving.current).map((service) => ({
      name: describe(service),
      met: service.registered && service.sameDigest,
      events: [service.number],
    })),
    {
      one: 'served model',
      many: 'served models',
      none: 'no model is served',
      has: 'is registered under the digest that serves',
      have: 'are registered under the digest that serves',
    },
  );

/** Names of delivery's checks: callers can stay as they are, and the service answered real requests without an error. */
const contractChecks = ['signature_compatible', 'latency_p99_ms'];

/** The model has a signature that its callers can rely on, and a gate called the service with it. */
export const contractChecked: Measure = (facts) =>
  shareOf(
    productionServices(facts).map((service) => {
      const version = get(facts.models.versions, service.model, service.version);
      const checks = version === undefined ? [] : passedChecks(version);
      const met = version?.signature === true && contractChecks.every((name) => checks.includes(name));
      return { name: describe(service), met, events: [...service.gateEvents, service.number] };
    }),
    { ...services, has: 'has a signature that a gate compared and called', have: 'have a signature that a gate compared and called' },
  );

/** Releases that changed one service only. With a single service there is nothing to be independent of. */
export const releasedIndependently: Measure = (facts, view) => {
  const deploys = productionDeploys(facts, view).filter((deploy) => deploy.release !== undefined);
  const all = new Set(productionServices(facts).map((service) => service.deployment));
  if (all.size < 2)
    return noData(`${counted(all.size, 'service serves', 'services serve')} in production, and independence shows between two or more`);
  const byRelease = Map.groupBy(deploys, (deploy) => deploy.release ?? '');
  return shareOf(
    [...byRelease].map(([release, touched]) => ({
      name: release,
      met: new Set(touched.map((deploy) => deploy.deployment)).size === 1,
      events: touched.map((deploy) => deploy.number),
    })),
    {
      one: 'release',
      many: 'releases',
      none: 'no release reached production in this time',
      has: 'touched one service only',
      have: 'touched one service only',
    },
  );
};

/** Windows with predictions: the gateway is reached over the Open Inference Protocol and nothing else. */
export const openProtocols: Measure = (facts: Facts, view) => {
  const windows = rows(facts.monitoring.windows).filter((window) => window.predictions > 0 && window.time >= view.since);
  if (windows.length === 0) return noData('no request of an open protocol was seen in this time');
  const predictions = windows.reduce((total, window) => total + window.predictions, 0);
  return measured({
    value: 1,
    numerator: 1,
    denominator: 1,
    explanation: `1 open protocol is in use: ${predictions} requests came over the Open Inference Protocol (which tool sent them is not recorded)`,
    evidence: windows.map((window) => window.number),
  });
};
