import { atMost, type CriteriaGroup, criterion, share } from './criterion.ts';

export const sandboxEnvironments: CriteriaGroup = {
  stage: 'initial',
  slug: 'sandbox-environments',
  title: 'Sandbox environments',
  criteria: [
    criterion({
      id: 'S1-SBX-1',
      title: 'Data scientists have their own sandbox without a ticket',
      weight: 2,
      must: true,
      threshold: share(0.8),
      source: 'AWS-R Initial; secure-mlops',
      explanation: 'Who must wait for a place to try things tries fewer things, or tries them where they do harm.',
      nextStep: { text: 'Open a sandbox for each active data scientist.', page: '/:project/ladder' },
      provedBy: 'Sandboxes that people open themselves, with owner, time to live and the time until they were ready, will prove it.',
    }),
    criterion({
      id: 'S1-SBX-2',
      title: 'The sandbox cannot reach staging or production',
      weight: 3,
      must: true,
      threshold: share(1),
      source: 'secure-mlops; VW EXP isolation',
      explanation: 'Free experiments are safe only where they cannot touch what customers use.',
      nextStep: { text: 'Let Ripen try, from inside a sandbox, to read and write staging and production.', page: '/:project/ladder' },
      provedBy: 'Weekly attempts of Ripen itself to break out of a sandbox, all of them refused, will prove it.',
    }),
    criterion({
      id: 'S1-SBX-3',
      title: 'Sandboxes do not rot',
      weight: 1,
      threshold: atMost(0),
      source: 'AWS-R3',
      explanation: 'A forgotten sandbox costs money and keeps copies of data that nobody looks after.',
      nextStep: { text: 'Give each sandbox a time to live.', page: '/:project/ladder' },
      provedBy: 'Expiry and automatic stops of sandboxes, and none idle for more than 14 days, will prove it.',
    }),
  ],
};
