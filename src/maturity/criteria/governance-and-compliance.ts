import { auditWhole, fourEyes } from '../measures/governance.ts';
import { registeredOnly } from '../measures/serving.ts';
import { type CriteriaGroup, criterion, share } from './criterion.ts';

export const governanceAndCompliance: CriteriaGroup = {
  stage: 'reliable',
  slug: 'governance-and-compliance',
  title: 'Governance and compliance',
  criteria: [
    criterion({
      id: 'E-GOV-1',
      title: 'No unregistered model is served',
      weight: 3,
      must: true,
      threshold: share(1),
      windowDays: 'all',
      source: 'NIST GOVERN 1.6; ISO A.4.2',
      explanation: 'A model outside the registry has no owner, no tests and no history.',
      nextStep: { text: 'Register the model and release it under its digest.', command: 'ripen models', page: '/:project/models' },
      measure: registeredOnly,
    }),
    criterion({
      id: 'E-GOV-2',
      title: 'Four eyes on production',
      weight: 3,
      must: true,
      threshold: share(1),
      source: 'ISO A.3.2; SOC2 CC8.1',
      explanation:
        'Nobody judges their own work well. The approver is neither who asked for the release nor who trained the model; from medium risk on, two people approve.',
      nextStep: { text: 'Let somebody else approve the next release.', command: 'ripen deploy', page: '/:project/releases' },
      measure: fourEyes,
    }),
    criterion({
      id: 'E-GOV-3',
      title: 'The audit log is whole, and kept',
      weight: 3,
      must: true,
      threshold: share(1),
      source: 'AIA 12, 19, 26(6); ISO A.6.2.8',
      explanation: 'All other evidence rests on the log. It must verify, again and again, and reach back half a year.',
      nextStep: { text: 'Verify the event log each day.', command: 'ripen events verify', page: '/:project/events' },
      measure: auditWhole,
    }),
    criterion({
      id: 'E-GOV-4',
      title: 'Risk tier, assessment and technical file are current',
      weight: 2,
      threshold: share(1),
      windowDays: 365,
      source: 'AIA 9, 11; NIST MAP 1-5',
      explanation: 'What a model may do to people decides how much proof it owes them.',
      nextStep: { text: 'Record the risk tier of each production model and complete its technical file.', page: '/:project/models' },
      provedBy: 'A risk record and a complete technical file for each production model, not older than a year, will prove it.',
    }),
    criterion({
      id: 'E-GOV-5',
      title: 'Personal data is known and requests are met',
      weight: 3,
      must: true,
      threshold: share(1),
      source: 'GDPR 12(3), 17, 30; EDPB 28/2024',
      explanation:
        'Who asks to be forgotten must be found in every dataset and every model that learnt from it. A classification typed in by hand is not a scan.',
      nextStep: { text: 'Scan each snapshot for personal data.', page: '/:project/data' },
      provedBy: 'A scan of each snapshot and the record of each erasure, with the datasets and models it touched, will prove it.',
    }),
  ],
};
