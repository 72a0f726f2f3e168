import { monitored, monitorsAlive, skewAgeBudget } from '../measures/monitoring.ts';
import { alertsReachPeople } from '../measures/response.ts';
import { atLeast, atMost, type CriteriaGroup, criterion, share } from './criterion.ts';

export const monitoringAndAlerting: CriteriaGroup = {
  stage: 'reliable',
  slug: 'monitoring-and-alerting',
  title: 'Monitoring and alerting',
  criteria: [
    criterion({
      id: 'E-MON-1',
      title: 'Every production model has service, data and quality monitors',
      weight: 3,
      must: true,
      threshold: share(1),
      source: 'AWS-R; MLTS N2, N7; NIST MEASURE 2.4',
      explanation: 'A model can answer fast and be wrong, or be right on data that no longer comes. It takes all three to see.',
      nextStep: {
        text: 'Add the missing monitors to the deployment in ripen.yaml.',
        command: 'ripen monitor',
        page: '/:project/monitoring',
      },
      measure: monitored,
    }),
    criterion({
      id: 'E-MON-2',
      title: 'Monitors are alive',
      weight: 3,
      must: true,
      threshold: share(0.99),
      source: 'own',
      explanation: 'A silent monitor looks like a healthy model. Windows that were due and never came count as missed.',
      nextStep: { text: 'Find out why windows were not evaluated.', command: 'ripen monitor', page: '/:project/monitoring' },
      measure: monitorsAlive,
    }),
    criterion({
      id: 'E-MON-3',
      title: 'Alerts reach a person in time',
      weight: 2,
      threshold: atMost(15, 'minutes'),
      source: 'NIST MANAGE 4.3',
      explanation: 'An alert that nobody takes is noise. Nine of ten must be acknowledged by a person within the time.',
      nextStep: {
        text: 'Acknowledge alerts as they come, and route them to who is on duty.',
        command: 'ripen alerts',
        page: '/:project/monitoring',
      },
      measure: alertsReachPeople,
    }),
    criterion({
      id: 'E-MON-4',
      title: 'Detection is proved',
      weight: 2,
      threshold: atLeast(1),
      windowDays: 90,
      source: 'AWS-R',
      explanation: 'An alarm that was never tested is a decoration.',
      nextStep: { text: 'Let Ripen inject drift and failures and see that each monitor notices.', page: '/:project/monitoring' },
      provedBy: 'Injected drift and failures, recorded as tests and noticed within one window, will prove it.',
    }),
    criterion({
      id: 'E-MON-5',
      title: 'Skew, staleness and objectives are tracked',
      weight: 2,
      threshold: share(1),
      source: 'MLTS N3, N4, N6',
      explanation: 'Models age quietly: the data shifts, the declared age passes, the error budget runs out.',
      nextStep: {
        text: 'Declare a greatest model age and objectives for the deployment in ripen.yaml.',
        command: 'ripen monitor',
        page: '/:project/monitoring',
      },
      measure: skewAgeBudget,
    }),
  ],
};
