/** The production deploys and services that several criteria look at. */
import type { Facts } from '../facts.ts';
import type { Deploy } from '../facts/serving.ts';
import { rows } from '../facts/table.ts';
import type { View } from '../model.ts';

export const production = 'production';

/** Services that serve in production now. */
export function productionServices(facts: Facts): readonly Deploy[] {
  return rows(facts.serving.current).filter((deploy) => deploy.environment === production);
}

/** Deploys to production in the window, and those that serve there still; oldest first. */
export function productionDeploys(facts: Facts, view: View): readonly Deploy[] {
  const serving = new Set(productionServices(facts).map((deploy) => deploy.number));
  return rows(facts.serving.deploys).filter(
    (deploy) => deploy.environment === production && (deploy.time >= view.since || serving.has(deploy.number)),
  );
}

/** Deploys to production that brought another model, in the window alone: no rollbacks, no settings. */
export function productionReleases(facts: Facts, view: View): readonly Deploy[] {
  return productionDeploys(facts, view).filter(
    (deploy) => deploy.time >= view.since && (deploy.cause === 'release' || deploy.cause === 'retrain'),
  );
}

export const describe = (deploy: Deploy): string => `${deploy.deployment} ${deploy.environment} (${deploy.model} v${deploy.version})`;
