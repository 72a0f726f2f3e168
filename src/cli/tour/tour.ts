import type { ProjectWire } from '#identity/index.ts';
import type { Client } from '../client.ts';
import { createProgress, type Progress } from '../progress.ts';
import { dataChapter } from './chapter-data.ts';
import { ladderChapter } from './chapter-ladder.ts';
import { juneChapter, mayChapter } from './chapter-live.ts';
import { firstReleaseChapter, refusalChapter } from './chapter-release.ts';
import { isRetrained, retrainingChapter } from './chapter-retraining.ts';
import { openMemory, project, type TourSession } from './session.ts';
import { openWorld } from './world.ts';

const chapters: readonly { readonly title: string; readonly run: (session: TourSession) => Promise<void> }[] = [
  { title: 'Project  Flights, from the template onnx-typescript', run: projectChapter },
  { title: 'Data  four months under contract', run: dataChapter },
  { title: 'Model  trained, judged, released', run: firstReleaseChapter },
  { title: 'Gates  a worse model is refused', run: refusalChapter },
  { title: 'May  live traffic', run: mayChapter },
  { title: 'June  the world changes', run: async (session) => void (await juneChapter(session)) },
  { title: 'Retraining  by itself', run: async (session) => ((await isRetrained(session)) ? undefined : retrainingChapter(session)) },
  { title: 'Ladder  how far it has come', run: ladderChapter },
];

export interface TourOptions {
  readonly client: Client;
  readonly home: string;
  readonly signal: AbortSignal;
  readonly progress?: Progress;
}

/**
 * Takes a real model from raw data to monitored production over the public API. What is done already is not done again, so an
 * interrupted tour goes on where it stopped.
 * @returns whether there was anything to do
 */
export async function tour({ client, home, signal, progress = createProgress() }: TourOptions): Promise<boolean> {
  const memory = openMemory(home);
  if (memory.read().finished === true || (await belongsToSomebody(client, memory.read()))) return false;
  const world = openWorld(home);
  try {
    const session: TourSession = { client, progress, world, signal, memory };
    for (const { title, run } of chapters) {
      signal.throwIfAborted();
      progress.chapter(title);
      await run(session);
    }
    memory.update({ finished: true });
    return true;
  } finally {
    await world.close();
  }
}

/** A home in which somebody works already is left alone. */
async function belongsToSomebody(client: Client, remembered: object): Promise<boolean> {
  const { items } = await client.get<{ items: ProjectWire[] }>('/api/v1/projects');
  return items.length > 0 && Object.keys(remembered).length === 0;
}

async function projectChapter({ client, progress, memory }: TourSession): Promise<void> {
  memory.update({});
  const { items } = await client.get<{ items: ProjectWire[] }>('/api/v1/projects');
  if (items.some(({ name }) => name === project)) return;
  await progress.task('Make the project', async (task) => {
    memory.update({ finished: false });
    const made = await client.post<ProjectWire>('/api/v1/templates/onnx-typescript/projects', { name: project, title: 'Flights' });
    task.result(made.path ?? '');
  });
}
