import { needsTwoPeople, rolesAtWork } from '../measures/people.ts';
import { atLeast, type CriteriaGroup, criterion } from './criterion.ts';

const threads = 'Threads on runs, datasets and models in which one persona answers another will prove it.';
const notes = 'Decision notes that are linked to a run, a dataset or a model and name their participants will prove it.';

export const integrationAndCollaboration: CriteriaGroup = {
  stage: 'initial',
  slug: 'integration-and-collaboration',
  title: 'Integration and collaboration',
  criteria: [
    criterion({
      id: 'I-COL-1',
      title: 'At least two roles really work in the project',
      weight: 3,
      must: true,
      threshold: atLeast(2),
      source: 'MS L0/L2 people; AWS-R personas',
      explanation:
        'A model that only its author touches fails where data, operations or the business would have seen the problem. Membership alone does not count: each persona needs a person of its own with at least three events.',
      nextStep: {
        text: 'Add a second person with another persona, and let them work here.',
        command: 'ripen member add <id> --persona business',
        page: '/:project/ladder',
      },
      measure: rolesAtWork,
    }),
    criterion({
      id: 'I-COL-2',
      title: 'Roles answer each other',
      weight: 2,
      threshold: atLeast(3),
      source: 'MS L2-L3 people',
      explanation:
        'Questions that stay in one discipline come back as faults. An answer from another persona shows that the hand-over works.',
      nextStep: { text: 'Ask for a review from another persona.', page: '/:project/ladder' },
      measure: needsTwoPeople('an answer from another persona', threads),
      provedBy: threads,
    }),
    criterion({
      id: 'I-COL-3',
      title: 'Workshops leave a decision',
      weight: 1,
      threshold: atLeast(1),
      windowDays: 90,
      source: 'MLTS M1',
      explanation: 'What was agreed aloud is lost after a month. A note beside the run or model that it concerns keeps it.',
      nextStep: { text: 'Write down the decision beside the object that it concerns, with two participants.', page: '/:project/ladder' },
      measure: needsTwoPeople('a decision of two participants', notes),
      provedBy: notes,
    }),
  ],
};
