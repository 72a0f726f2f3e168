import { defineErrors } from '#kernel/errors.ts';

export const maturityErrors = defineErrors('maturity', {
  'unknown-moment': {
    kind: 'input',
    message: ({ at }: { at: string }) => `"${at}" is neither the number of an event nor a date.`,
    hint: () => 'Give the number of an event, for example 1200, or a date such as 2026-11-14 or 2026-11-14T09:30:00Z.',
  },
  'event-not-found': {
    kind: 'not-found',
    message: ({ number, size }: { number: number; size: number }) => `There is no event ${number}: the log has ${size}.`,
    hint: () => '`ripen events` lists the events of a project with their numbers.',
  },
  'assessment-not-found': {
    kind: 'not-found',
    message: ({ project, assessment }: { project: string; assessment: string }) => `Project "${project}" has no assessment ${assessment}.`,
    hint: () => '`ripen assess --history` lists the recorded assessments.',
  },
});
