import { needsTwoPeople } from '../measures/people.ts';
import { atMost, type CriteriaGroup, criterion, share } from './criterion.ts';

const reviews = 'Reviews on merged changes, as the connected forge reports them, by somebody who is not the author will prove it.';

export const codingStandards: CriteriaGroup = {
  stage: 'repeatable',
  slug: 'coding-standards',
  title: 'Coding standards',
  criteria: [
    criterion({
      id: 'S2-STD-1',
      title: 'Lint, format and type check run before merge',
      weight: 2,
      must: true,
      threshold: share(0.9),
      source: 'Scorecard CI-Tests',
      explanation: 'What a machine can find should not wait for a reader, or for production.',
      nextStep: { text: 'Connect the repository and run its checks on each change.', page: '/:project/ladder' },
      provedBy: 'Finished checks on each merged change of a connected repository will prove it.',
    }),
    criterion({
      id: 'S2-STD-2',
      title: 'Somebody else approved the change',
      weight: 3,
      must: true,
      threshold: share(0.9),
      source: 'Scorecard Code-Review; SLSA Source L4',
      explanation: 'The author reads what was meant; a second reader reads what is written.',
      nextStep: { text: 'Ask somebody else to review the next change.', page: '/:project/ladder' },
      measure: needsTwoPeople('a review by somebody else', reviews),
      provedBy: reviews,
    }),
    criterion({
      id: 'S2-STD-3',
      title: 'No secrets in code, parameters or logs',
      weight: 2,
      threshold: atMost(0),
      source: 'HF secrets scanning; SOC2 CC6.1',
      explanation: 'A secret in a log is a secret of everybody who can read logs, for as long as logs are kept.',
      nextStep: { text: 'Scan the project, its parameters and its logs for secrets.', page: '/:project/ladder' },
      provedBy: 'Findings of a secret scanner and the time until each was closed will prove it.',
    }),
  ],
};
