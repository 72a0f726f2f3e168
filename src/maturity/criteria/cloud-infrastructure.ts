import { atLeast, atMost, type CriteriaGroup, criterion, share } from './criterion.ts';

export const cloudInfrastructure: CriteriaGroup = {
  stage: 'scalable',
  slug: 'cloud-infrastructure',
  title: 'Cloud infrastructure',
  criteria: [
    criterion({
      id: 'L-CLD-1',
      title: 'Environments are declared as code and match',
      weight: 3,
      must: true,
      threshold: share(0.9),
      source: 'MS L3; AWS-PG',
      explanation: 'What was set by hand cannot be built a second time.',
      nextStep: { text: 'Declare the environments and let Ripen compare them with what runs.', page: '/:project/deployments' },
      provedBy: 'Regular comparisons of declared and actual resources of each environment will prove it.',
    }),
    criterion({
      id: 'L-CLD-2',
      title: 'Serving scales with load, both ways',
      weight: 2,
      threshold: atLeast(1),
      source: 'VW PROD; GOOG L2',
      explanation: 'Growing keeps answers fast; shrinking keeps the bill small.',
      nextStep: { text: 'Give the deployment a replica range and put load on it.', page: '/:project/deployments' },
      provedBy: 'Changes of the number of replicas, out and in, beside the request rate will prove it.',
    }),
    criterion({
      id: 'L-CLD-3',
      title: 'Shared compute is fair and paid for',
      weight: 1,
      threshold: atMost(10, 'minutes'),
      source: 'ML-LENS cost',
      explanation: 'Where one team can take everything, the others buy their own.',
      nextStep: { text: 'Give each project a share of the queue and a budget.', page: '/:project/pipelines' },
      provedBy: 'Waiting times in the queue, compute hours by project and budget alerts will prove it.',
    }),
  ],
};
