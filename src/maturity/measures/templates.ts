/** Templates and how fast projects reach production, over all projects of the server. */
import type { Facts } from '../facts.ts';
import { rows } from '../facts/table.ts';
import { dayMilliseconds } from '../facts/tally.ts';
import type { Measure } from '../model.ts';
import { condition, measured, median, noData, shareOf } from './share.ts';

export const fromTemplates: Measure = (facts, view) =>
  shareOf(
    rows(facts.organisation.projects)
      .filter((project) => project.time >= view.since)
      .map((project) => ({ name: project.project, met: project.template !== undefined, events: [project.number] })),
    {
      one: 'new project',
      many: 'new projects',
      none: 'no project was created in this time',
      has: 'started from a template',
      have: 'started from a template',
    },
  );

const workingDays = 5;

/** Solutions in production, how fast they came there, and by how many teams; without teams in the log, by how many people. */
export const speedAndNumber: Measure = (facts: Facts) => {
  const solutions = rows(facts.organisation.projects).filter((project) => project.firstProduction !== undefined);
  if (solutions.length === 0) return noData('no project has reached production');
  const days = median(solutions.map((project) => ((project.firstProduction?.time ?? 0) - project.time) / dayMilliseconds)) ?? 0;
  const creators = new Set(solutions.map((project) => project.creator)).size;
  // Five working days are a week of the calendar.
  const fast = days <= workingDays + 2;
  return measured({
    value: solutions.length,
    numerator: solutions.length,
    denominator: rows(facts.organisation.projects).length,
    explanation: `${solutions.length} ${solutions.length === 1 ? 'project serves' : 'projects serve'} in production`,
    evidence: solutions.flatMap((project) => project.firstProduction?.number ?? []),
    conditions: [
      condition(
        fast,
        `the median project took ${Math.round(days * 10) / 10} days to production; needs at most ${workingDays} working days`,
      ),
      condition(creators >= 2, `${creators === 1 ? 'one person' : `${creators} people`} started them; needs at least two teams`),
    ],
  });
};
