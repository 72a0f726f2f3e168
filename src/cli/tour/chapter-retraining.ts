import type { PipelineRunWire } from '#pipelines/index.ts';
import type { ReleaseWire } from '#delivery/index.ts';
import { followPipelineRun } from '../follow-pipeline-run.ts';
import { followRelease } from '../follow-release.ts';
import { firstDayOfCanary } from './chapter-live.ts';
import { releases, tellReleased, unexpected } from './chapter-release.ts';
import { tellTraining } from './chapter-training.ts';
import { inProject, project, type TourSession, until } from './session.ts';
import { predict, productionGateway } from './traffic.ts';
import { daysBetween, type Departures } from './world.ts';

/** The alert has started a training with newer data; its model passes the gates and takes over as a canary, under live traffic. */
export async function retrainingChapter(session: TourSession): Promise<void> {
  const { client, progress, signal } = session;
  const version = await progress.task('Retrain, started by the alert', async (task) => {
    const { id } = await until(signal, () => runByAlert(session));
    return tellTraining(session, await followPipelineRun(client, { project, id }, task), task);
  });
  await progress.task('Gates, staging, canary 5 – 25 – 100 %', async (task) => {
    const { id } = await until(signal, async () => (await releases(client)).find((each) => each.version === version));
    const ended = new AbortController();
    const traffic = keepTraffic(session, ended.signal);
    try {
      const story = await followRelease(client, { project, id }, task, signal);
      if (story.state !== 'released') throw unexpected(story, 'released');
      task.result(tellReleased(story));
    } finally {
      ended.abort();
      await traffic;
    }
  });
}

async function runByAlert({ client }: TourSession): Promise<PipelineRunWire | undefined> {
  const { items } = await client.get<{ items: PipelineRunWire[] }>(inProject('/pipeline-runs'), { pipeline: 'train' });
  return items.find((run) => run.trigger.kind === 'alert' && run.state !== 'failed');
}

/** Whether the retrained model has been released; then the tour need not wait for it again. */
export async function isRetrained(session: TourSession): Promise<boolean> {
  const run = await runByAlert(session);
  const registered = run?.registered?.version;
  return (await releases(session.client)).some((each: ReleaseWire) => each.version === registered && each.state === 'released');
}

/** The last days of June, again and again, so that the canary always has something to be judged on. */
async function keepTraffic({ client, world }: TourSession, stop: AbortSignal): Promise<void> {
  const url = await productionGateway(client);
  for (let round = 0; !stop.aborted; round++) {
    for (const day of daysBetween(firstDayOfCanary, '2001-06-30')) {
      if (stop.aborted) return;
      // A new key each round, or the same few would fall into the canary's share again.
      const departures = (await world.departures(day)).map((each): Departures =>
        round === 0 ? each : { ...each, at: `${each.at}.${round}` },
      );
      await predict(url, departures, () => {}).catch(() => {});
    }
  }
}
