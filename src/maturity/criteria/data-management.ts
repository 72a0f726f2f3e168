import { catalogued, personalDataRules, tested } from '../measures/data.ts';
import { tracesToSource } from '../measures/models.ts';
import { atLeast, type CriteriaGroup, criterion, share } from './criterion.ts';

const retention = 'A retention rule on each dataset with personal data, and the record of its last enforcement, will prove it.';

export const dataManagement: CriteriaGroup = {
  stage: 'scalable',
  slug: 'data-management',
  title: 'Data management',
  criteria: [
    criterion({
      id: 'L-DAT-1',
      title: 'Datasets are catalogued',
      weight: 2,
      must: true,
      threshold: share(0.95),
      windowDays: 'all',
      source: 'ISO A.4.3, A.7.2; CycloneDX data.governance',
      explanation: 'Data without an owner is nobody’s to repair; data without a classification is everybody’s to leak.',
      nextStep: {
        text: 'Give each dataset an owner, a classification and a retention rule.',
        command: 'ripen data',
        page: '/:project/data',
      },
      measure: catalogued,
    }),
    criterion({
      id: 'L-DAT-2',
      title: 'Data is tested at each update',
      weight: 3,
      must: true,
      threshold: share(0.8),
      source: 'GOOG L1; MLTS N2',
      explanation: 'Bad data trains without complaint. What a contract keeps out counts as tested.',
      nextStep: {
        text: 'Write a contract for the dataset and name it where the pipeline publishes.',
        command: 'ripen data load',
        page: '/:project/data',
      },
      measure: tested,
    }),
    criterion({
      id: 'L-DAT-3',
      title: 'Served models trace back to source data',
      weight: 3,
      must: true,
      threshold: share(0.95),
      source: 'MS L3; ISO A.7.5',
      explanation: 'When a source turns out to be wrong, the first question is which models learnt from it.',
      nextStep: {
        text: 'Train the versions named as missing from published snapshots and release them.',
        command: 'ripen pipeline run train',
        page: '/:project/models',
      },
      measure: tracesToSource,
    }),
    criterion({
      id: 'L-DAT-4',
      title: 'Features are shared and equal in training and serving',
      weight: 1,
      threshold: atLeast(1),
      source: 'GOOG feature store; MLTS N3',
      explanation: 'A feature that is computed twice is computed differently.',
      nextStep: { text: 'Define a feature view and use it from two models.', page: '/:project/data' },
      provedBy: 'A feature view that two models use, with a comparison of training and serving values, will prove it.',
    }),
    criterion({
      id: 'L-DAT-5',
      title: 'Personal data has a retention and erasure rule',
      weight: 2,
      threshold: share(1),
      windowDays: 'all',
      source: 'GDPR 5(1)(e), 17; MLTS D5',
      explanation: 'A rule that is not enforced is a promise broken in public.',
      nextStep: {
        text: 'Classify every dataset, and give those with personal data a retention rule.',
        command: 'ripen data',
        page: '/:project/data',
      },
      measure: personalDataRules(retention),
      provedBy: retention,
    }),
  ],
};
