import { progressiveDelivery, testedArtifacts } from '../measures/delivery.ts';
import { flow, stability } from '../measures/flow.ts';
import { closedLoops } from '../measures/response.ts';
import { atLeast, type CriteriaGroup, criterion, share, shareAtMost } from './criterion.ts';

export const continuousDelivery: CriteriaGroup = {
  stage: 'reliable',
  slug: 'continuous-delivery',
  title: 'CI/CD',
  criteria: [
    criterion({
      id: 'E-CIC-1',
      title: 'Only tested, signed artifacts are served',
      weight: 3,
      must: true,
      threshold: share(1),
      source: 'OMS; SLSA Build L2; AWS-R Reliable',
      explanation: 'The digest shows that what serves is what was tested; the signature shows who vouches for it.',
      nextStep: { text: 'Release through the gates, with a signed model.', command: 'ripen deploy', page: '/:project/releases' },
      measure: testedArtifacts,
    }),
    criterion({
      id: 'E-CIC-2',
      title: 'Progressive delivery with automatic analysis',
      weight: 2,
      threshold: share(0.8),
      source: 'GOOG; MLTS I6; MS L3',
      explanation: 'A canary bounds the damage of what no test foresaw. One that was stopped counts: it worked.',
      nextStep: { text: 'Declare canary steps for the deployment in ripen.yaml.', command: 'ripen deploy', page: '/:project/deployments' },
      measure: progressiveDelivery,
    }),
    criterion({
      id: 'E-CIC-3',
      title: 'Flow: changes reach production soon and often',
      weight: 2,
      threshold: atLeast(1, 'per-week'),
      minimumSample: 2,
      source: 'DORA throughput',
      explanation: 'Small changes that go out soon are easier to judge and to take back.',
      nextStep: { text: 'Release smaller changes more often.', command: 'ripen deploy', page: '/:project/releases' },
      measure: flow,
    }),
    criterion({
      id: 'E-CIC-4',
      title: 'Stability: few releases fail, and recovery is quick',
      weight: 2,
      threshold: shareAtMost(0.15),
      minimumSample: 3,
      source: 'DORA instability',
      explanation: 'Speed without stability moves the work to the night. A release stopped in its canary is not a failure.',
      nextStep: {
        text: 'Find what the gates missed in the releases that were rolled back, and add the check.',
        command: 'ripen rollback',
        page: '/:project/releases',
      },
      measure: stability,
    }),
    criterion({
      id: 'E-CIC-5',
      title: 'Continuous training closes the loop',
      weight: 2,
      threshold: atLeast(1),
      windowDays: 90,
      source: 'MS L4; GOOG L1',
      explanation: 'The world moves on. The loop from drift to a better model in production must have run once to be trusted.',
      nextStep: {
        text: 'Let an alert trigger the training pipeline, and release what passes.',
        command: 'ripen alerts',
        page: '/:project/pipelines',
      },
      measure: closedLoops,
    }),
  ],
};
