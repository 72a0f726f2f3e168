import { RipenError } from '#kernel/errors.ts';
import type { GateCheckWire, ReleaseStoryWire, ReleaseWire } from '#delivery/index.ts';
import { followRelease } from '../follow-release.ts';
import { deployment, inProject, model, project, type TourSession } from './session.ts';
import { train } from './chapter-training.ts';

/** The first model goes through the gates, staging and into production. */
export async function firstReleaseChapter(session: TourSession): Promise<void> {
  const version = await train(session, { title: 'Train, judge and register', parameters: {} });
  await release(session, { version, reason: 'First model', title: 'Gates, staging, production', expected: 'released' });
}

/** A model trained on shuffled labels must not get through, and the gates say why. */
export async function refusalChapter(session: TourSession): Promise<void> {
  const version = await train(session, { title: 'Train a worse model, on purpose', parameters: { shuffle_labels: true, epochs: 1 } });
  await release(session, {
    version,
    reason: 'Rehearsal: the gates must refuse this',
    title: 'Ask for its release',
    expected: 'refused',
    deliberate: true,
  });
}

interface Asked {
  readonly version: number;
  readonly reason: string;
  readonly title: string;
  readonly expected: ReleaseStoryWire['state'];
  readonly deliberate?: boolean;
}

async function release({ client, progress, signal }: TourSession, asked: Asked): Promise<void> {
  const { version, reason, expected, deliberate = false } = asked;
  const earlier = (await releases(client)).find(
    (each) => each.version === version && each.state !== 'cancelled' && each.state !== 'failed',
  );
  if (earlier?.state === expected) return;
  await progress.task(asked.title, async (task) => {
    const body = { deployment, model, version, reason, deliberate };
    const { id } = earlier ?? (await client.post<ReleaseWire>(inProject('/releases'), body));
    const story = await followRelease(client, { project, id }, task, signal);
    if (story.state !== expected) throw unexpected(story, expected);
    task.result(story.state === 'refused' ? `refused: ${refusals(story).map(shortly).join(', ')}` : tellReleased(story));
  });
  if (expected === 'refused') await sayWhy();

  async function sayWhy(): Promise<void> {
    const found = (await releases(client)).find((each) => each.version === version);
    const story = await client.get<ReleaseStoryWire>(inProject(`/releases/${found?.id}`));
    for (const check of refusals(story).slice(0, 2)) progress.say(`      ${check.explanation}`);
  }
}

/** Newest first. */
export async function releases(client: TourSession['client']): Promise<readonly ReleaseWire[]> {
  return (await client.get<{ items: ReleaseWire[] }>(inProject('/releases'))).items;
}

export function tellReleased(story: ReleaseStoryWire): string {
  const checks = story.gates.at(-1)?.checks ?? [];
  return `version ${story.version} in production, ${checks.length} checks passed`;
}

export function unexpected(story: ReleaseStoryWire, expected: string): RipenError {
  const why = story.failure?.message ?? story.note ?? refusals(story)[0]?.explanation ?? '';
  return new RipenError({
    code: 'tour.unexpected-release',
    kind: 'conflict',
    message: `Release ${story.number} of version ${story.version} was expected to be ${expected}, but is ${story.state}. ${why}`,
    hint: `Look at it with \`ripen deploy status ${story.id}\`, or on the page Deployments.`,
  });
}

const refusals = (story: ReleaseStoryWire): readonly GateCheckWire[] =>
  story.gates.flatMap((gate) => gate.checks).filter((check) => check.outcome === 'refused');

const shortly = (check: GateCheckWire): string => check.name.replaceAll('_', ' ');
