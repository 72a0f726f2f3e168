import { promotedOnly } from '../measures/delivery.ts';
import { atLeast, atMost, type CriteriaGroup, criterion, share } from './criterion.ts';

export const multiAccount: CriteriaGroup = {
  stage: 'reliable',
  slug: 'multi-account',
  title: 'Multi-account',
  criteria: [
    criterion({
      id: 'S3-ACC-1',
      title: 'Development, staging and production are separate trust zones',
      weight: 3,
      must: true,
      threshold: atLeast(3),
      source: 'AWS-R Reliable; secure-mlops',
      explanation: 'Whoever holds one zone must not hold the next. On one machine under one user there is one zone.',
      nextStep: { text: 'Give each environment its own credentials, keys and storage.', page: '/:project/deployments' },
      provedBy: 'A register of environments with their own credentials, and nobody who may write in two, will prove it.',
    }),
    criterion({
      id: 'S3-ACC-2',
      title: 'People do not write in staging or production',
      weight: 2,
      threshold: atMost(0),
      source: 'secure-mlops',
      explanation: 'A repair by hand is undone by the next release, or worse, is not.',
      nextStep: { text: 'Take write access to staging and production from people.', page: '/:project/deployments' },
      provedBy: 'The access log of separate zones without writes by people will prove it; on one machine people can write past Ripen.',
    }),
    criterion({
      id: 'S3-ACC-3',
      title: 'Promotion is the only path',
      weight: 3,
      must: true,
      threshold: share(1),
      source: 'AWS-PG; AWS-R3',
      explanation: 'What was never in staging was never tried where it does no harm.',
      nextStep: { text: 'Release through staging.', command: 'ripen deploy', page: '/:project/releases' },
      measure: promotedOnly,
    }),
    criterion({
      id: 'S3-ACC-4',
      title: 'Isolation is tested',
      weight: 3,
      must: true,
      threshold: share(1),
      windowDays: 7,
      source: 'own',
      explanation: 'A wall that nobody has pushed against is a drawing of a wall.',
      nextStep: { text: 'Let Ripen try, each week, to cross from one zone into another.', page: '/:project/deployments' },
      provedBy: 'Weekly attempts of Ripen itself to reach data, registry and secrets across zones, all refused, will prove it.',
    }),
  ],
};
