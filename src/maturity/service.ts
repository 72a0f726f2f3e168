/** Assessing a project: now, at a past moment, for the record, and once more to prove a recorded one. */
import { type ChangeContext, subscribe } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { assess } from './assessment.ts';
import { catalogue } from './criteria/catalogue.ts';
import { maturityErrors } from './errors.ts';
import { emptyFacts } from './facts.ts';
import { continueFrom } from './falling-back.ts';
import { foldLog } from './fold-log.ts';
import { createKeptFacts } from './kept-facts.ts';
import type { Assessment, RecordedAssessment } from './model.ts';
import { parseMoment } from './moment.ts';
import { findAssessment, insertAssessment, listAssessments } from './store.ts';

export interface Verification {
  readonly assessment: string;
  readonly ok: boolean;
  readonly recordedRoot: string;
  /** Absent where the assessment was made by another catalogue, whose rules are not here any more. */
  readonly computedRoot: string | undefined;
  readonly recordedCatalogue: string;
}

export type MaturityService = ReturnType<typeof createMaturityService>;

export function createMaturityService({ clock, ids, events, log }: Pick<Kernel, 'clock' | 'ids' | 'events' | 'log'>) {
  const kept = createKeptFacts(events);
  const { database } = events;

  async function continued(current: Assessment): Promise<Assessment> {
    const [previous] = await listAssessments(database, current.project, { upTo: current.upTo, limit: 1 });
    return continueFrom(previous?.assessment, current);
  }

  /** As of now, not recorded. */
  async function current(project: string): Promise<Assessment> {
    return continued(await kept.withNewest(project, (facts) => assess(facts, { at: clock.now() })));
  }

  async function again(project: string, moment: { readonly upTo: number; readonly at: number }): Promise<Assessment> {
    const facts = await foldLog(events, emptyFacts(project), moment.upTo);
    return assess(facts, { at: moment.at });
  }

  return {
    current,

    /** As of the number of an event or a date. @throws `maturity.unknown-moment`, `maturity.event-not-found` */
    async asOf(project: string, at: string): Promise<Assessment> {
      return continued(await again(project, await parseMoment(events, at)));
    },

    /** As of now, kept in the history and written to the event log. */
    async record(context: ChangeContext, project: string): Promise<RecordedAssessment> {
      const recorded = { id: ids.next(), assessment: await current(project) };
      const { stage, stages, catalogueVersion, upTo, evidenceRoot } = recorded.assessment;
      const scores = Object.fromEntries(stages.map((result) => [result.stage, result.score]));
      await events.change({ ...context, project }, async (change) => {
        await insertAssessment(change, recorded);
        change.emit({
          type: 'assessment.computed',
          source: 'maturity',
          subject: `projects/${project}/assessments/${recorded.id}`,
          data: { project, stage, scores, catalogueVersion, upTo, evidenceRoot },
        });
      });
      return recorded;
    },

    history: (project: string, limit: number): Promise<RecordedAssessment[]> => listAssessments(database, project, { limit }),

    /** Folds and assesses the same events again: the root must be the one that was recorded. @throws `maturity.assessment-not-found` */
    async verify(project: string, id: string): Promise<Verification> {
      const found = await findAssessment(database, project, id);
      if (found === undefined) throw maturityErrors['assessment-not-found']({ project, assessment: id });
      const { evidenceRoot: recordedRoot, catalogueVersion: recordedCatalogue } = found.assessment;
      const known = recordedCatalogue === catalogue.version;
      const computedRoot = known ? (await again(project, found.assessment)).evidenceRoot : undefined;
      return { assessment: id, ok: computedRoot === recordedRoot, recordedRoot, computedRoot, recordedCatalogue };
    },

    /** Keeps the facts of each project folded while the server runs, so that no question waits for a long fold. Returns the way to stop. */
    follow(): () => Promise<void> {
      return subscribe(
        events,
        {
          name: 'maturity-facts',
          from: 'start',
          async handle(event) {
            if (event.project !== undefined && event.number - kept.storedUpTo(event.project) >= followEvery) {
              await kept.withNewest(event.project, () => undefined);
            }
          },
        },
        { onError: (error, event) => log.error({ error, event: event?.number }, 'facts could not be folded') },
      );
    },
  };
}

const followEvery = 500;
