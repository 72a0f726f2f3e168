import { byPipeline } from '../measures/data.ts';
import { handWork } from '../measures/flow.ts';
import { dependable, triggered } from '../measures/runs.ts';
import { atMost, type CriteriaGroup, criterion, share } from './criterion.ts';

export const automation: CriteriaGroup = {
  stage: 'repeatable',
  slug: 'automation',
  title: 'Automation',
  criteria: [
    criterion({
      id: 'R-AUT-1',
      title: 'Data comes by pipeline, not by upload',
      weight: 3,
      must: true,
      threshold: share(0.8),
      source: 'MS L1',
      explanation: 'An upload depends on one person and their memory of what they did to the file before.',
      nextStep: { text: 'Declare the load as a pipeline in ripen.yaml.', command: 'ripen pipeline run load', page: '/:project/pipelines' },
      measure: byPipeline,
    }),
    criterion({
      id: 'R-AUT-2',
      title: 'Training is triggered, not typed',
      weight: 2,
      threshold: share(0.5),
      minimumSample: 3,
      source: 'GOOG L1 triggers',
      explanation: 'A model that is trained when somebody thinks of it is as fresh as that memory.',
      nextStep: {
        text: 'Give the pipeline a trigger: a schedule, new data or an alert.',
        command: 'ripen pipeline',
        page: '/:project/pipelines',
      },
      measure: triggered,
    }),
    criterion({
      id: 'R-AUT-3',
      title: 'Pipelines are dependable',
      weight: 1,
      threshold: share(0.9),
      minimumSample: 5,
      source: 'GOOG L1',
      explanation: 'A pipeline that fails often is run by hand in the end. Runs that somebody cancelled do not count.',
      nextStep: {
        text: 'Read why the last runs failed; give flaky steps a timeout and retries.',
        command: 'ripen pipeline',
        page: '/:project/pipelines',
      },
      measure: dependable,
    }),
    criterion({
      id: 'R-AUT-4',
      title: 'Work by hand for each release shrinks',
      weight: 2,
      threshold: atMost(1),
      source: 'MS L3',
      explanation: 'Each step by hand is a chance to forget one. Approvals do not count: they are meant to be human.',
      nextStep: {
        text: 'Let new data or an alert start training, and let the trained model ask for its own release.',
        command: 'ripen deploy',
        page: '/:project/releases',
      },
      measure: handWork,
    }),
  ],
};
