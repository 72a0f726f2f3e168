import { defineErrors } from '../errors.ts';

export const jobErrors = defineErrors('jobs', {
  'invalid-cron': {
    kind: 'input',
    message: (a: { cron: string; zone: string; reason: string }) => `"${a.cron}" in ${a.zone} is no schedule: ${a.reason}.`,
    hint: () => 'Write five fields, minute hour day month weekday, such as "30 6 * * 1-5", and a zone such as Europe/Berlin.',
  },
  'never-due': {
    kind: 'input',
    message: (a: { cron: string; zone: string }) => `The schedule "${a.cron}" in ${a.zone} never comes due.`,
  },
  'not-dead': {
    kind: 'conflict',
    message: (a: { id: string }) => `There is no dead job ${a.id}.`,
    hint: () => 'Only jobs that failed too often can be put back.',
  },
  'defined-twice': {
    kind: 'internal',
    message: (a: { kind: string }) => `The job kind ${a.kind} is defined twice.`,
  },
  'lease-lost': {
    kind: 'unavailable',
    message: (a: { kind: string; id: string }) =>
      `Another worker took the ${a.kind} job ${a.id}, because this one gave no sign of life in time.`,
  },
  stopping: {
    kind: 'unavailable',
    message: (a: { kind: string }) => `The server stops; the ${a.kind} job goes on after the next start.`,
  },
});
