/** Model versions: their identity, where they come from, their cards. */
import type { Facts } from '../facts.ts';
import type { ModelVersion } from '../facts/models.ts';
import { get, rows } from '../facts/table.ts';
import type { Measure, View } from '../model.ts';
import { type Item, measured, noData, shareOf } from './share.ts';
import { productionDeploys } from './production.ts';

export const nameOf = (version: { readonly model: string; readonly version: string }): string => `${version.model} v${version.version}`;

export const identified: Measure = (facts) =>
  shareOf(
    rows(facts.models.versions).map((version) => ({ name: nameOf(version), met: version.identified, events: [version.number] })),
    {
      one: 'model version',
      many: 'model versions',
      none: 'no model version is registered',
      has: 'is stored with the sha256 of its content',
      have: 'are stored with the sha256 of their content',
    },
  );

const complete = (version: ModelVersion): boolean => version.chain.run && version.chain.code && version.chain.data;

/** At least one version whose run, code and data can all be found. */
export const oneCompleteChain: Measure = (facts) => {
  const versions = rows(facts.models.versions);
  if (versions.length === 0) return noData('no model version is registered');
  const whole = versions.filter(complete);
  return measured({
    value: whole.length,
    numerator: whole.length,
    denominator: versions.length,
    explanation: `${whole.length} of ${versions.length} model versions ${whole.length === 1 ? 'leads' : 'lead'} back to a run, code and published snapshots`,
    missing: versions.filter((version) => !complete(version)).map(nameOf),
    evidence: whole.flatMap((version) => version.chain.events),
  });
};

/** Versions that serve in production now or began to in the window. */
export function productionVersions(
  facts: Facts,
  view: View,
): readonly { readonly name: string; readonly version: ModelVersion | undefined; readonly number: number }[] {
  const byName = new Map(productionDeploys(facts, view).map((deploy) => [nameOf(deploy), deploy]));
  return [...byName].map(([name, deploy]) => ({
    name,
    version: get(facts.models.versions, deploy.model, deploy.version),
    number: deploy.number,
  }));
}

export const tracesToSource: Measure = (facts, view) =>
  shareOf(
    productionVersions(facts, view).map(({ name, version, number }): Item => {
      const met = version !== undefined && complete(version);
      return { name, met, events: [...(version?.chain.events ?? []), number] };
    }),
    {
      one: 'production version',
      many: 'production versions',
      none: 'nothing has served in production',
      has: 'has a complete walk to its source data',
      have: 'have a complete walk to their source data',
    },
  );

/** Required card fields that are filled, over the versions for which a release was asked. */
export const documented: Measure = (facts, view) => {
  const asked = new Set(
    rows(facts.releases.releases).flatMap((release) => (release.time >= view.since && !release.deliberate ? [nameOf(release)] : [])),
  );
  const versions = rows(facts.models.versions).filter((version) => asked.has(nameOf(version)));
  if (versions.length === 0) return noData('no version was in review in this time');
  // A version without a card lacks as many fields as the longest card of the project asks for.
  const most = Math.max(1, ...rows(facts.models.versions).map((version) => version.card?.required ?? 0));
  const required = versions.reduce((total, version) => total + (version.card?.required ?? most), 0);
  const filled = versions.reduce((total, version) => total + (version.card?.filled ?? 0), 0);
  const short = versions.filter((version) => version.card === undefined || version.card.filled < version.card.required);
  return measured({
    value: required === 0 ? 0 : filled / required,
    numerator: filled,
    denominator: required,
    explanation: `${filled} of ${required} required card fields are filled over ${versions.length} ${versions.length === 1 ? 'version' : 'versions'} in review or later`,
    missing: short.map(nameOf),
    evidence: versions.flatMap((version) => (version.card === undefined ? [] : [version.card.number])),
    counterEvidence: short.map((version) => version.card?.number ?? version.number),
  });
};
