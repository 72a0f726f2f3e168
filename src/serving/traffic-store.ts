import type { Queryable } from '#kernel/database/index.ts';
import { mergeHistograms, type NumericHistogram } from '#kernel/statistics/index.ts';
import { type AgentReport, latencyEdges, type PackedHistogram } from './agent-wire.ts';
import type { RevisionTraffic } from './model.ts';
import { emptyRevisionTraffic, packHistogram, scoreEdges, trafficSince, unpackHistogram } from './traffic-histograms.ts';

interface TrafficRow {
  revision: string;
  since: number;
  requests: number;
  answered_rows: number;
  errors: number;
  latency: string;
  scores: string;
}

interface PointRow {
  revision: string;
  time: number;
  requests: number;
  answered_rows: number;
  errors: number;
  latency: string;
}

interface Tables {
  revision_traffic: TrafficRow;
  traffic_points: PointRow;
}

/** Width of a point of the series. */
export const pointMs = 10_000;

type Range = readonly [number, number];
type Entry = AgentReport['traffic'][number];

// Both columns are written here, packed.
const unpack = (text: string, edges: readonly number[]): NumericHistogram => unpackHistogram(JSON.parse(text) as PackedHistogram, edges);

function trafficOf(row: TrafficRow, range: Range): RevisionTraffic {
  return {
    requests: row.requests,
    rows: row.answered_rows,
    errors: row.errors,
    latency: unpack(row.latency, latencyEdges),
    scores: unpack(row.scores, scoreEdges(range)),
  };
}

/** Everything a revision answered, over all the agents that served it one after another. */
export async function readTraffic(from: Queryable, revision: string, range: Range): Promise<RevisionTraffic> {
  const rows = await from.query<Tables>().selectFrom('revision_traffic').selectAll().where('revision', '=', revision).execute();
  return rows.map((row) => trafficOf(row, range)).reduce(add, emptyRevisionTraffic(range));
}

function add(left: RevisionTraffic, right: RevisionTraffic): RevisionTraffic {
  return {
    requests: left.requests + right.requests,
    rows: left.rows + right.rows,
    errors: left.errors + right.errors,
    // Two numeric histograms over the same edges merge into one.
    latency: mergeHistograms(left.latency, right.latency) as NumericHistogram,
    scores: mergeHistograms(left.scores, right.scores) as NumericHistogram,
  };
}

/** Takes the cumulative counts of one agent; the same report twice changes nothing. */
export async function recordTraffic(tx: Queryable, entry: Entry, time: number): Promise<void> {
  const query = tx.query<Tables>();
  const before = await query
    .selectFrom('revision_traffic')
    .selectAll()
    .where('revision', '=', entry.revision)
    .where('since', '=', entry.since)
    .executeTakeFirst();
  if (before !== undefined && before.requests >= entry.requests) return;
  const row = { ...countsOf(entry), latency: JSON.stringify(entry.latency), scores: JSON.stringify(entry.scores) };
  await query
    .insertInto('revision_traffic')
    .values({ revision: entry.revision, since: entry.since, ...row })
    .onConflict((conflict) => conflict.columns(['revision', 'since']).doUpdateSet(row))
    .execute();
  const now = trafficOf({ revision: entry.revision, since: entry.since, ...row }, [0, 1]);
  const earlier = before === undefined ? emptyRevisionTraffic([0, 1]) : trafficOf(before, [0, 1]);
  await addPoint(tx, { revision: entry.revision, time }, { ...trafficSince(now, earlier), rows: now.rows - earlier.rows });
}

const countsOf = (entry: { requests: number; rows: number; errors: number }) => ({
  requests: entry.requests,
  answered_rows: entry.rows,
  errors: entry.errors,
});

async function addPoint(tx: Queryable, at: { revision: string; time: number }, traffic: RevisionTraffic): Promise<void> {
  const time = Math.floor(at.time / pointMs) * pointMs;
  const query = tx.query<Tables>();
  const present = await query
    .selectFrom('traffic_points')
    .selectAll()
    .where('revision', '=', at.revision)
    .where('time', '=', time)
    .executeTakeFirst();
  const sum =
    present === undefined
      ? traffic
      : add(
          {
            ...traffic,
            requests: present.requests,
            rows: present.answered_rows,
            errors: present.errors,
            latency: unpack(present.latency, latencyEdges),
          },
          traffic,
        );
  const row = { ...countsOf(sum), latency: JSON.stringify(packHistogram(sum.latency)) };
  await query
    .insertInto('traffic_points')
    .values({ revision: at.revision, time, ...row })
    .onConflict((conflict) => conflict.columns(['revision', 'time']).doUpdateSet(row))
    .execute();
}

export interface TrafficPoint {
  readonly revision: string;
  /** Start of the point, epoch ms. */
  readonly time: number;
  readonly requests: number;
  readonly rows: number;
  readonly errors: number;
  readonly latency: NumericHistogram;
}

/** In the order of time. */
export async function readPoints(
  from: Queryable,
  revisions: readonly string[],
  range: { readonly from: number; readonly to: number },
): Promise<readonly TrafficPoint[]> {
  if (revisions.length === 0) return [];
  const rows = await from
    .query<Tables>()
    .selectFrom('traffic_points')
    .selectAll()
    .where('revision', 'in', [...revisions])
    .where('time', '>=', range.from)
    .where('time', '<', range.to)
    .orderBy('time')
    .limit(20_000)
    .execute();
  return rows.map(({ answered_rows: answeredRows, latency, ...row }) => ({
    ...row,
    rows: answeredRows,
    latency: unpack(latency, latencyEdges),
  }));
}

export async function prunePoints(tx: Queryable, before: number): Promise<void> {
  await tx.query<Tables>().deleteFrom('traffic_points').where('time', '<', before).execute();
}
