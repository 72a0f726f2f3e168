/** Datasets: how they come, what is known about them, how they are tested. */
import type { Facts } from '../facts.ts';
import type { Dataset } from '../facts/data.ts';
import { rows } from '../facts/table.ts';
import { sum } from '../facts/tally.ts';
import type { Measure } from '../model.ts';
import { noData, notApplicable, notMeasurable, shareOf, shareOfEvents } from './share.ts';

const usedInTraining = (facts: Facts): readonly Dataset[] =>
  rows(facts.data.datasets).filter((dataset) => dataset.usedInTraining !== undefined);

export const byPipeline = shareOfEvents((facts) => facts.data.byPipeline, {
  one: 'snapshot',
  many: 'snapshots',
  none: 'no snapshot was published in this time',
  has: 'came out of a pipeline run',
  have: 'came out of a pipeline run',
});

export const catalogued: Measure = (facts) =>
  shareOf(
    usedInTraining(facts).map((dataset) => {
      const gaps = gapsOf(dataset);
      const name = `${dataset.name} (no ${gaps.join(', ')})`;
      return { name, met: gaps.length === 0, events: [dataset.number] };
    }),
    {
      one: 'dataset used in training',
      many: 'datasets used in training',
      none: 'no dataset has been used in training',
      has: 'has an owner, a schema, a classification and a retention rule',
      have: 'have an owner, a schema, a classification and a retention rule',
    },
  );

function gapsOf(dataset: Dataset): string[] {
  const { owner, classification, retention } = dataset.catalogued;
  const fields: [string, boolean][] = [
    ['owner', owner],
    ['schema', dataset.schema],
    ['classification', classification !== undefined],
    ['retention', retention],
  ];
  return fields.flatMap(([name, present]) => (present ? [] : [name]));
}

const passNeeded = 0.98;

/** A dataset is tested when each of its snapshots in the window carries the result of a contract. */
export const tested: Measure = (facts, view) => {
  const datasets = rows(facts.data.datasets).flatMap((dataset) => {
    const total = sum(dataset.tested, view.since);
    const events = total.met === total.all ? total.metEvents : total.missedEvents;
    return total.all === 0 ? [] : [{ name: dataset.name, met: total.met === total.all, events }];
  });
  const checks = sum(facts.data.guarded, view.since);
  const share = checks.all === 0 ? 0 : checks.met / checks.all;
  const text = `${checks.met} of ${checks.all} contract checks passed or blocked their data; needs ${passNeeded * 100} %`;
  return shareOf(
    datasets,
    {
      one: 'dataset',
      many: 'datasets',
      none: 'no snapshot was published in this time',
      has: 'was checked against a contract at each update',
      have: 'were checked against a contract at each update',
    },
    [{ met: share >= passNeeded, score: share >= passNeeded ? 1 : share, text }],
  );
};

/** Personal data needs a rule that is enforced; where every dataset is classified and none is personal there is nothing to erase. */
export function personalDataRules(provedBy: string): Measure {
  return (facts) => {
    const datasets = rows(facts.data.datasets);
    if (datasets.length === 0) return noData('there is no dataset yet');
    const unclassified = datasets.filter((dataset) => dataset.catalogued.classification === undefined);
    const personal = datasets.filter((dataset) => /personal|pii|sensitive/i.test(dataset.catalogued.classification ?? ''));
    if (unclassified.length > 0 || personal.some((dataset) => !/non-?personal/i.test(dataset.catalogued.classification ?? ''))) {
      return notMeasurable(provedBy);
    }
    return notApplicable(`all ${datasets.length} datasets are classified and none is classified as personal`);
  };
}
