import { identified, oneCompleteChain } from '../measures/models.ts';
import { tracked } from '../measures/runs.ts';
import { openProtocols } from '../measures/serving.ts';
import { atLeast, type CriteriaGroup, criterion, share } from './criterion.ts';

export const tooling: CriteriaGroup = {
  stage: 'initial',
  slug: 'tooling',
  title: 'Tooling',
  criteria: [
    criterion({
      id: 'I-TOL-1',
      title: 'Experiments are tracked in one place',
      weight: 3,
      must: true,
      threshold: share(0.5),
      source: 'MS L2',
      explanation:
        'Without parameters and metrics side by side nobody can say which attempt was better, or why. A model from an unknown run counts as untracked training.',
      nextStep: {
        text: 'Mark the training step as tracked and log its parameters and metrics.',
        command: 'ripen pipeline run train',
        page: '/:project/runs',
      },
      measure: tracked,
    }),
    criterion({
      id: 'I-TOL-2',
      title: 'Artifacts have identity',
      weight: 2,
      threshold: share(1),
      windowDays: 'all',
      source: 'OMS; SLSA Build L1',
      explanation: 'A file name can point to anything tomorrow. The sha256 of its content cannot.',
      nextStep: {
        text: 'Register models through a pipeline: Ripen stores each file by its digest.',
        command: 'ripen models',
        page: '/:project/models',
      },
      measure: identified,
    }),
    criterion({
      id: 'I-TOL-3',
      title: 'Tools are connected by open protocols',
      weight: 1,
      threshold: atLeast(1),
      source: 'own',
      explanation:
        'Tools that only people connect, by copying, drift apart. Requests over the Open Inference Protocol count, for the gateway speaks nothing else; what Ripen does inside itself does not.',
      nextStep: {
        text: 'Send predictions to the gateway over the Open Inference Protocol.',
        command: 'ripen deploy',
        page: '/:project/deployments',
      },
      measure: openProtocols,
    }),
    criterion({
      id: 'I-TOL-4',
      title: 'One chain is complete',
      weight: 2,
      threshold: atLeast(1),
      windowDays: 'all',
      source: 'MS L3',
      explanation: 'One model whose data, run and code can all be found shows that the tools fit together at all.',
      nextStep: {
        text: 'Register a model from a pipeline that reads a published snapshot.',
        command: 'ripen pipeline run train',
        page: '/:project/models',
      },
      measure: oneCompleteChain,
    }),
  ],
};
