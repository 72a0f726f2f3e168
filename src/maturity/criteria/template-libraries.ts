import { fromTemplates, speedAndNumber } from '../measures/templates.ts';
import { atLeast, type CriteriaGroup, criterion, share } from './criterion.ts';

export const templateLibraries: CriteriaGroup = {
  stage: 'scalable',
  slug: 'template-libraries',
  title: 'Template libraries',
  criteria: [
    criterion({
      id: 'S4-TPL-1',
      title: 'Templates are alive',
      weight: 2,
      threshold: atLeast(2),
      source: 'mlops-stacks; Azure mlops-v2',
      explanation: 'A template that nobody runs stops working, and each new project starts with its faults.',
      nextStep: { text: 'Let each template be instantiated and run regularly.', page: '/:project/ladder' },
      provedBy: 'Regular test runs that instantiate each template and take it through its pipelines will prove it.',
    }),
    criterion({
      id: 'S4-TPL-2',
      title: 'New projects start from templates',
      weight: 2,
      must: true,
      threshold: share(0.6),
      windowDays: 90,
      source: 'AWS-R Scalable',
      explanation: 'What one team has learnt about pipelines, gates and monitors reaches the next project only this way.',
      nextStep: { text: 'Start the next project from a template.', command: 'ripen init', page: '/' },
      measure: fromTemplates,
    }),
    criterion({
      id: 'S4-TPL-3',
      title: 'Projects follow template updates',
      weight: 1,
      threshold: share(0.7),
      source: 'AWS-R Scalable',
      explanation: 'A repaired template helps only the projects that take the repair.',
      nextStep: { text: 'Take the update of the template.', page: '/:project/ladder' },
      provedBy: 'The version of the template in each project beside the newest one will prove it.',
    }),
    criterion({
      id: 'S4-TPL-4',
      title: 'Speed and number of solutions',
      weight: 3,
      must: true,
      threshold: atLeast(3),
      windowDays: 'all',
      source: 'AWS-R; VW',
      explanation: 'Scale is many solutions of several teams, each in days and not in months. One good project is not scale.',
      nextStep: { text: 'Take a further project to production within a week.', command: 'ripen init', page: '/' },
      measure: speedAndNumber,
    }),
  ],
};
