import { documented } from '../measures/models.ts';
import { type CriteriaGroup, criterion, share, shareAtMost } from './criterion.ts';

export const knowledgeSharing: CriteriaGroup = {
  stage: 'repeatable',
  slug: 'knowledge-sharing',
  title: 'Knowledge sharing',
  criteria: [
    criterion({
      id: 'R-KNO-1',
      title: 'Models are documented',
      weight: 2,
      threshold: share(0.9),
      source: 'HF card; NIST MEASURE 2.9',
      explanation: 'Who uses a model must know what it is for, on what it was trained and where it fails.',
      nextStep: { text: 'Fill the required fields of the model card.', command: 'ripen models', page: '/:project/models' },
      measure: documented,
    }),
    criterion({
      id: 'R-KNO-2',
      title: 'Failures leave a lesson',
      weight: 2,
      must: true,
      threshold: share(0.8),
      source: 'NIST MANAGE 4.3',
      explanation: 'A failure is paid for once. Without a note it is paid for again.',
      nextStep: { text: 'Close each incident and each failed experiment with a lesson within ten working days.', page: '/:project/ladder' },
      provedBy: 'Lesson notes that are linked to the incident or experiment they come from will prove it.',
    }),
    criterion({
      id: 'R-KNO-3',
      title: 'Lessons are read by others',
      weight: 2,
      threshold: share(0.5),
      windowDays: 60,
      source: 'own',
      explanation: 'A lesson helps only the person who reads it before the next attempt.',
      nextStep: { text: 'Link a lesson from the run that it concerns.', page: '/:project/ladder' },
      provedBy: 'Views of lessons and links to them by people other than the author will prove it.',
    }),
    criterion({
      id: 'R-KNO-4',
      title: 'Work is not repeated blindly',
      weight: 1,
      threshold: shareAtMost(0.1),
      source: 'own',
      explanation: 'The same data with the same settings gives the same answer; somebody already has it.',
      nextStep: { text: 'Look for earlier runs with the same data and parameters first.', command: 'ripen runs', page: '/:project/runs' },
      provedBy: 'A digest of data and parameters on each run, compared with all runs of the server, will prove it.',
    }),
  ],
};
