import { onRegisteredCompute, resourcesKnown } from '../measures/runs.ts';
import { atLeast, type CriteriaGroup, criterion, share } from './criterion.ts';

export const infrastructure: CriteriaGroup = {
  stage: 'initial',
  slug: 'infrastructure',
  title: 'Infrastructure',
  criteria: [
    criterion({
      id: 'I-INF-1',
      title: 'Training runs use registered compute',
      weight: 2,
      must: true,
      threshold: share(0.5),
      source: 'MS L0-L2',
      explanation: 'A result can only be repeated when it is known on which machine and in which environment it came about.',
      nextStep: {
        text: 'Start training through Ripen, so that each run names its compute target and environment.',
        command: 'ripen pipeline run train',
        page: '/:project/runs',
      },
      measure: onRegisteredCompute,
    }),
    criterion({
      id: 'I-INF-2',
      title: 'Resource use is known',
      weight: 1,
      threshold: share(0.8),
      source: 'GOOG L1 metadata',
      explanation: 'Duration, processor time and memory of past runs decide what the next machine must be, and what a run costs.',
      nextStep: {
        text: 'Run training as a step of a pipeline: Ripen measures each process.',
        command: 'ripen pipeline run train',
        page: '/:project/runs',
      },
      measure: resourcesKnown,
    }),
    criterion({
      id: 'I-INF-3',
      title: 'A way to grow exists and was used',
      weight: 1,
      threshold: atLeast(1),
      source: 'own',
      explanation: 'A larger machine that is first tried on the day it is needed does not work on that day.',
      nextStep: { text: 'Run one step on a second, larger compute target.', page: '/:project/pipelines' },
      provedBy: 'A step that ran through a queue on a compute target larger than the default, within a quota, will prove it.',
    }),
  ],
};
