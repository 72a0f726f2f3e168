import { contractChecked, releasedIndependently } from '../measures/serving.ts';
import { atLeast, type CriteriaGroup, criterion, share } from './criterion.ts';

export const microservices: CriteriaGroup = {
  stage: 'scalable',
  slug: 'microservices',
  title: 'Microservices',
  criteria: [
    criterion({
      id: 'L-MIC-1',
      title: 'Models are released independently',
      weight: 2,
      must: true,
      threshold: share(0.9),
      source: 'own',
      explanation: 'Models that must be released together wait for the slowest of them. One service alone shows nothing.',
      nextStep: {
        text: 'Serve a second model as its own deployment and release each by itself.',
        command: 'ripen deploy',
        page: '/:project/deployments',
      },
      measure: releasedIndependently,
    }),
    criterion({
      id: 'L-MIC-2',
      title: 'The service contract is checked',
      weight: 2,
      threshold: share(1),
      source: 'GOOG L2; MLTS I2',
      explanation: 'Callers break on a renamed input long before a metric shows it.',
      nextStep: {
        text: 'Register the model with its signature, and let a gate call the service with it.',
        command: 'ripen models',
        page: '/:project/models',
      },
      measure: contractChecked,
    }),
    criterion({
      id: 'L-MIC-3',
      title: 'Services scale by themselves and failures stay contained',
      weight: 2,
      threshold: atLeast(1),
      windowDays: 90,
      source: 'NIST MEASURE 2.7',
      explanation: 'A service that takes its neighbours down with it was never a service of its own.',
      nextStep: { text: 'Stop one service on purpose and watch the others.', page: '/:project/deployments' },
      provedBy: 'A fault test on one service, recorded as a test, during which no other service missed its objectives will prove it.',
    }),
  ],
};
