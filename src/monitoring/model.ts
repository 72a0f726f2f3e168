import type { Branded } from '#kernel/ids.ts';
import type { Digest } from '#kernel/objects/index.ts';
import type { CalibrationBin, Histogram } from '#kernel/statistics/index.ts';
import type { AlertSeverity } from './alerts/rules.ts';
import type { MonitorDeclaration } from './declaration/monitor-declaration.ts';
import type { DriftMethodName } from './drift/drift-method.ts';

export type AlertId = Branded<'AlertId'>;

/** A deployment as monitoring speaks of it: what happens in production. */
export interface Watched {
  readonly project: string;
  readonly deployment: string;
}

/** Only production is watched; what staging predicts is kept and can be looked up. */
export const watchedEnvironment = 'production';

export function monitoringSource({ project, deployment }: Watched): Watched & { readonly environment: string } {
  return { project, deployment, environment: watchedEnvironment };
}

/** What of a deployment's traffic is watched, and how. */
export interface Monitor extends Watched {
  readonly model: string;
  /** Served now. */
  readonly version: string;
  readonly declaration: MonitorDeclaration;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Predictions that came together, as Parquet. `inputs` and `outputs` name the columns `input.<name>` and `output.<name>`. */
export interface PredictionFile {
  readonly id: string;
  readonly digest: Digest;
  readonly rows: number;
  /** Epoch ms of the earliest and latest prediction. */
  readonly first: number;
  readonly last: number;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

/** `open` may still get predictions, `closed` is over, `complete` has also its labels, or the time for them has passed. */
export type WindowState = 'open' | 'closed' | 'complete';

export type Metrics = Readonly<Record<string, number>>;

/** One stretch of a deployment's traffic, [start, end) in the time of the predictions. */
export interface MonitorWindow extends Watched {
  readonly start: number;
  readonly end: number;
  readonly state: WindowState;
  /** Grows with everything that came in for it; it was evaluated up to `evaluated`. */
  readonly changes: number;
  readonly evaluated: number;
  /** Server time of the last arrival. */
  readonly receivedAt: number;
  readonly evaluatedAt: number | undefined;
  readonly predictions: number;
  readonly labelled: number;
  /** The version that made most of its predictions, with whose reference it was compared. */
  readonly version: string | undefined;
  readonly metrics: Metrics;
  readonly reference: Metrics;
  /** What was told in the event log last. */
  readonly announced: Announced | undefined;
  readonly drift: WindowDrift;
}

export interface WindowDrift {
  /** By the method that judges each feature. */
  readonly found: readonly DriftFinding[];
  /** Features whose drift was told. */
  readonly told: readonly string[];
}

export interface DriftFinding {
  readonly feature: string;
  readonly method: DriftMethodName;
  readonly value: number;
  readonly threshold: number;
}

export interface Announced {
  readonly predictions: number;
  readonly labelled: number;
  readonly metrics: Metrics;
}

export interface ColumnReading {
  readonly method: DriftMethodName;
  readonly value?: number | undefined;
  readonly pValue?: number | undefined;
  readonly threshold?: number | undefined;
  readonly drifted: boolean;
  /** The one that was chosen to judge this column. */
  readonly chosen: boolean;
  /** Why there is no value. */
  readonly reason?: string | undefined;
}

/** One input, or the score, of one window. */
export interface ColumnDetail {
  readonly name: string;
  readonly histogram: Histogram;
  readonly missingShare: number | undefined;
  /** Share of values outside of the reference: categories it never saw, numbers beyond its range. */
  readonly outsideShare: number | undefined;
  /** The most frequent values that the reference does not have. */
  readonly unseen: readonly string[];
  readonly drift: readonly ColumnReading[];
}

/** All that one evaluation found; histograms are counted over the edges of the reference. */
export interface WindowDetail {
  readonly versions: readonly { readonly version: string; readonly predictions: number }[];
  readonly duplicates: number;
  readonly columns: readonly ColumnDetail[];
  readonly score: ColumnDetail | undefined;
  readonly calibration: readonly CalibrationBin[];
  /** One of so many rows was used for the metrics of the score; 1 is all. */
  readonly sampledOneOf: number;
  /** What could not be said, and why. */
  readonly notes: readonly string[];
}

export type AlertStateName = 'firing' | 'acknowledged' | 'resolved' | 'withdrawn';

/** One stretch of firing of a rule. Times named `…At` with `window` are of the traffic, the others of the server. */
export interface Alert extends Watched {
  readonly id: AlertId;
  readonly rule: string;
  /** The rule as it was, as canonical JSON. */
  readonly definition: string;
  readonly severity: AlertSeverity;
  readonly state: AlertStateName;
  readonly metric: string;
  readonly value: number | undefined;
  readonly threshold: number | undefined;
  readonly explanation: string;
  /** Start of the first bad window, end of the one that fired, end of the one that resolved. */
  readonly since: number;
  readonly firedAt: number;
  readonly resolvedAt: number | undefined;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** When the event was written; undefined while a silence holds it back. */
  readonly toldAt: number | undefined;
  readonly acknowledgement: Acknowledgement | undefined;
}

export interface Acknowledgement {
  readonly by: { readonly id: string; readonly name: string };
  readonly at: number;
  readonly note: string | undefined;
}

/** A time in which a rule tells nobody. Its state goes on; what still fires when the silence ends is told then. */
export interface Silence {
  readonly id: string;
  readonly rule: string;
  /** Server time, [from, until). */
  readonly from: number;
  readonly until: number;
  readonly reason: string;
  readonly by: { readonly id: string; readonly name: string };
}

type AlertMove = 'acknowledge' | 'resolve' | 'reopen' | 'withdraw';

const alertTransitions: Readonly<Record<AlertStateName, Readonly<Partial<Record<AlertMove, AlertStateName>>>>> = {
  firing: { acknowledge: 'acknowledged', resolve: 'resolved', reopen: 'firing', withdraw: 'withdrawn' },
  acknowledged: { acknowledge: 'acknowledged', resolve: 'resolved', reopen: 'acknowledged', withdraw: 'withdrawn' },
  resolved: { resolve: 'resolved', reopen: 'firing', withdraw: 'withdrawn' },
  withdrawn: {},
};

/** The state after a move, or undefined where there is no such move. */
export function moveAlert(state: AlertStateName, by: AlertMove): AlertStateName | undefined {
  return alertTransitions[state][by];
}
