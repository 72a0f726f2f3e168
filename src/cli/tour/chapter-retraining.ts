import type { PipelineRunWire } from '#pipelines/index.ts';
import type { ReleaseWire } from '#delivery/index.ts';
import { followPipelineRun } from '../follow-pipeline-run.ts';
import { followRelease } from '../follow-release.ts';
import { firstDayOfCanary } from './chapter-live.ts';
import { releases, tellReleased, unexpected } from './chapter-release.ts';
import { tellTraining } from './chapter-training.ts';
import { deployment, inProject, model, project, type TourSession, until } from './session.ts';
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
    const { id } = await releaseOf(session, version);
    const url = await productionGateway(session);
    const ended = new AbortController();
    const traffic = keepTraffic(session, url, ended.signal);
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

/** The release that followed the training; where an earlier start saw it end without success, another one is asked for. */
async function releaseOf({ client, signal }: TourSession, version: number): Promise<ReleaseWire> {
  const newest = await until(signal, async () => (await releases(client)).find((each) => each.version === version));
  if (newest.state !== 'rolled-back' && newest.state !== 'failed' && newest.state !== 'cancelled') return newest;
  return client.post<ReleaseWire>(inProject('/releases'), { deployment, model, version, reason: `Again, after release ${newest.number}` });
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

/** The last days of June, flight by flight and again and again, so that the canary always has something to be judged on. */
async function keepTraffic({ world }: TourSession, url: string, stop: AbortSignal): Promise<void> {
  for (let round = 0; !stop.aborted; round++) {
    for (const day of daysBetween(firstDayOfCanary, '2001-06-30')) {
      for (const departures of await world.departures(day)) {
        if (stop.aborted) return;
        // While a revision starts or ends, single requests may fail; the canary counts them, the tour goes on.
        await predict(url, oneByOne(departures, round), () => {}).catch(() => {});
      }
    }
  }
}

/** Each flight as a request of its own: the canary's share is a share of requests. */
function oneByOne(departures: Departures, round: number): readonly Departures[] {
  const only = <Value>(values: readonly Value[], row: number): Value[] => values.slice(row, row + 1);
  return departures.late.map((late, row) => ({
    at: `${departures.at}.${round}.${row}`,
    time: departures.time,
    origin: only(departures.origin, row),
    destination: only(departures.destination, row),
    distance: only(departures.distance, row),
    hour: only(departures.hour, row),
    dayOfWeek: only(departures.dayOfWeek, row),
    late: [late],
  }));
}
