import type { AlertWire } from '#monitoring/index.ts';
import { loadMonth } from './chapter-data.ts';
import { deployment, inProject, type TourSession, until } from './session.ts';
import { predict, predictionId, productionGateway } from './traffic.ts';
import { daysBetween } from './world.ts';

/** The days that are kept for the canary of the retrained model. */
export const firstDayOfCanary = '2001-06-28';
const lastDayBeforeCanary = '2001-06-27';
const labelsAtOnce = 20_000;
/** After six hours the longest flights have landed. */
const knownAfterMs = 6 * 3_600_000;

/** May goes by: predictions, and later what really happened. */
export async function mayChapter(session: TourSession): Promise<void> {
  await replay(session, { first: '2001-05-01', last: '2001-05-31', title: 'Predict the departures of May' });
  await label(session, { first: '2001-05-01', last: '2001-05-31', title: 'Tell how May turned out' });
  await loadMonth(session, 5);
}

/** June is worse than May, and an alert rule notices. */
export async function juneChapter(session: TourSession): Promise<AlertWire> {
  await replay(session, { first: '2001-06-01', last: lastDayBeforeCanary, title: 'Predict the departures of June' });
  await loadMonth(session, 6);
  await label(session, { first: '2001-06-01', last: lastDayBeforeCanary, title: 'Tell how June turned out' });
  const { client, progress, signal } = session;
  return progress.task('Watch for alerts', async (task) => {
    const alert = await until(signal, async () => (await alerts(client)).find(({ severity }) => severity === 'critical'));
    task.result(alert.explanation);
    return alert;
  });
}

export async function alerts(client: TourSession['client']): Promise<readonly AlertWire[]> {
  return (await client.get<{ items: AlertWire[] }>(inProject('/alerts'))).items;
}

interface Days {
  readonly first: string;
  readonly last: string;
  readonly title: string;
}

async function replay({ client, progress, world, signal, memory }: TourSession, { first, last, title }: Days): Promise<void> {
  const done = memory.read().replayedUntil ?? '';
  const days = daysBetween(first, last).filter((day) => day > done);
  if (days.length === 0) return;
  await progress.task(title, async (task) => {
    const url = await productionGateway({ client, signal });
    let rows = 0;
    for (const [index, day] of days.entries()) {
      signal.throwIfAborted();
      task.update({ note: day });
      await predict(url, await world.departures(day), (more) => {
        rows += more;
        // The bar shows days; a day's share grows with its requests.
        task.update({ done: rows, total: Math.round((rows * days.length) / (index + 1)), unit: 'predictions' });
      });
      memory.update({ replayedUntil: day });
    }
    task.result(`${rows.toLocaleString('en')} predictions over HTTP`);
  });
}

async function label({ client, progress, world, signal, memory }: TourSession, { first, last, title }: Days): Promise<void> {
  const done = memory.read().labelledUntil ?? '';
  const days = daysBetween(first, last).filter((day) => day > done);
  if (days.length === 0) return;
  await progress.task(title, async (task) => {
    let [told, late] = [0, 0];
    let labels: { id: string; label: number; time: number }[] = [];
    for (const day of days) {
      signal.throwIfAborted();
      for (const departures of await world.departures(day)) {
        labels.push(
          ...departures.late.map((value, row) => ({
            id: predictionId(departures, row),
            label: value,
            time: departures.time + knownAfterMs,
          })),
        );
      }
      if (labels.length >= labelsAtOnce || day === days.at(-1)) {
        await client.post(inProject(`/deployments/${deployment}/labels`), { labels });
        told += labels.length;
        late += labels.reduce((sum, each) => sum + each.label, 0);
        labels = [];
        memory.update({ labelledUntil: day });
      }
      task.update({ note: day, done: told, unit: 'labels' });
    }
    task.result(`${told.toLocaleString('en')} labels, ${((100 * late) / Math.max(1, told)).toFixed(1)} % late`);
  });
}
