import { gatedEnvironments, onlyThroughPipeline } from '../measures/delivery.ts';
import { rollbackWorks, specComplete } from '../measures/serving.ts';
import { type CriteriaGroup, criterion, share } from './criterion.ts';

export const deploymentGuidelines: CriteriaGroup = {
  stage: 'repeatable',
  slug: 'deployment-guidelines',
  title: 'Deployment guidelines',
  criteria: [
    criterion({
      id: 'S2-DEP-1',
      title: 'Production changes only through the pipeline',
      weight: 3,
      must: true,
      threshold: share(1),
      source: 'MS L3; SOC2 CC8.1',
      explanation: 'A change past the path is one that no test saw and no record explains.',
      nextStep: { text: 'Release through Ripen instead of deploying by hand.', command: 'ripen deploy', page: '/:project/releases' },
      measure: onlyThroughPipeline,
    }),
    criterion({
      id: 'S2-DEP-2',
      title: 'Each deployment specification is complete',
      weight: 2,
      threshold: share(0.9),
      windowDays: 'all',
      source: 'GOOG L2',
      explanation: 'Owner, objectives, limits, rollback target and runbook are what the person woken at night looks for.',
      nextStep: {
        text: 'Fill the missing fields of the deployment in ripen.yaml.',
        command: 'ripen deploy',
        page: '/:project/deployments',
      },
      measure: specComplete,
    }),
    criterion({
      id: 'S2-DEP-3',
      title: 'Each environment has a gate that was evaluated',
      weight: 2,
      threshold: share(1),
      source: 'AWS-R Reliable',
      explanation: 'A gate that can be walked around is a sign, not a gate.',
      nextStep: { text: 'Declare gates for staging and production in ripen.yaml.', command: 'ripen deploy', page: '/:project/releases' },
      measure: gatedEnvironments,
    }),
    criterion({
      id: 'S2-DEP-4',
      title: 'Rollback works',
      weight: 2,
      threshold: share(1),
      windowDays: 90,
      source: 'MLTS I7; DORA FDRT',
      explanation: 'The way back must have been walked recently, or it is a hope. A drill counts as much as a real one.',
      nextStep: {
        text: 'Roll a production service back once, and forward again.',
        command: 'ripen rollback',
        page: '/:project/deployments',
      },
      measure: rollbackWorks,
    }),
  ],
};
