import type { AssessmentWire } from '#maturity/index.ts';
import { inProject, type TourSession } from './session.ts';

/** Reads the events of all chapters and says how far the project has come. */
export async function ladderChapter({ client, progress }: TourSession): Promise<void> {
  await progress.task('Verify the event log', async (task) => {
    const verified = await client.post<{ ok: boolean; size: number; root: string }>('/api/v1/events/verify');
    task.result(`${verified.size} events, root ${verified.root.slice(0, 12)}…`);
  });
  const assessment = await progress.task('Assess the project', async (task) => {
    const assessed = await client.post<AssessmentWire>(inProject('/assessments'));
    task.result(assessed.stageTitle);
    return assessed;
  });
  for (const stage of assessment.stages) {
    progress.say(`      ${stage.title.padEnd(11)} ${String(stage.passed).padStart(2)} of ${stage.total} criteria met`);
  }
  const next = assessment.criteria.find(({ criterion }) => criterion.id === assessment.nextSteps[0]?.criterion);
  if (next !== undefined) progress.say(`      Next best step: ${next.criterion.title}`);
}
