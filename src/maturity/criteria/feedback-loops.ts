import { labelsReturn } from '../measures/response.ts';
import { atLeast, type CriteriaGroup, criterion, share } from './criterion.ts';

export const feedbackLoops: CriteriaGroup = {
  stage: 'initial',
  slug: 'feedback-loops',
  title: 'Feedback loops',
  criteria: [
    criterion({
      id: 'S1-FBK-1',
      title: 'Each served model has a business KPI with owner and target',
      weight: 3,
      must: true,
      threshold: share(0.8),
      source: 'SM card; NIST MAP 1.4',
      explanation: 'A model that nobody would miss cannot be worth its upkeep. The KPI says what it is for and who decides.',
      nextStep: { text: 'Name the KPI that the model serves, its owner and its target.', page: '/:project/models' },
      provedBy: 'A KPI with owner and target that is linked to each served model will prove it.',
    }),
    criterion({
      id: 'S1-FBK-2',
      title: 'The KPI is observed and compared with the offline metric',
      weight: 2,
      threshold: atLeast(2),
      windowDays: 90,
      source: 'MLTS M2; NIST MEASURE 4.3',
      explanation: 'A better AUC that does not move the KPI is effort in the wrong place.',
      nextStep: { text: 'Send the KPI of the last two periods.', page: '/:project/models' },
      provedBy: 'The observed series of the KPI and its correlation with the offline metric will prove it.',
    }),
    criterion({
      id: 'S1-FBK-3',
      title: 'Business people give feedback and it is closed',
      weight: 2,
      threshold: share(0.6),
      source: 'NIST GOVERN 5.2, MANAGE 4.1',
      explanation: 'The people who act on predictions see faults first. They stop telling when nothing comes of it.',
      nextStep: { text: 'Collect feedback on predictions and link each to the change that answers it.', page: '/:project/monitoring' },
      provedBy: 'Feedback from the business persona, each linked to the run or decision that closed it, will prove it.',
    }),
    criterion({
      id: 'S1-FBK-4',
      title: 'Ground truth comes back',
      weight: 2,
      threshold: share(0.8),
      source: 'GOOG L2; MLTS N7',
      explanation: 'Only labels show how good a model is in use. They must be joined to their predictions, and their delay must be known.',
      nextStep: { text: 'Send labels by prediction id as they become known.', command: 'ripen monitor', page: '/:project/monitoring' },
      measure: labelsReturn,
    }),
  ],
};
