import { z } from 'zod';

import { defaultGateRules, type GateRules, type MetricLimit, type RequiredGain } from './gate-rules.ts';

const finite = z.number();
const share = z.number().min(0).max(1);

const slices = z.strictObject({
  by: z.array(z.string().min(1)).min(1),
  minimum_rows: z.int().min(2),
  minimum_auc: share,
  floors: z.record(z.string(), share).optional(),
  test: z.enum(['significant', 'point']).default('significant'),
});

const declaration = z.strictObject({
  minimum_auc: share.optional(),
  maximum_log_loss: finite.positive().optional(),
  maximum_brier: share.optional(),
  maximum_calibration_error: share.optional(),
  minimum_auc_over_baseline: finite.optional(),
  maximum_log_loss_over_baseline: finite.optional(),
  maximum_brier_over_baseline: finite.optional(),
  minimum_auc_over_production: finite.optional(),
  maximum_log_loss_over_production: finite.optional(),
  maximum_brier_over_production: finite.optional(),
  confidence: z.number().min(0.5).max(0.9999).default(defaultGateRules.bootstrap.confidence),
  bootstrap_samples: z.int().min(100).max(100_000).default(defaultGateRules.bootstrap.resamples),
  seed: z.int().nonnegative().default(defaultGateRules.bootstrap.seed),
  slices: z.union([z.literal(false), slices]).optional(),
  maximum_latency_p99_ms: z.union([z.literal(false), finite.positive()]).optional(),
  maximum_model_bytes: z.union([z.literal(false), finite.positive()]).optional(),
  contracts: z.union([z.literal(false), z.array(z.string().min(1))]).optional(),
  signature: z.union([z.literal(false), z.enum(['strict', 'compatible'])]).optional(),
});

/** Keys of a declaration, for messages. */
export const gateKeys: readonly string[] = Object.keys(declaration.shape);
export const sliceKeys: readonly string[] = Object.keys(slices.shape);

/**
 * The gates of a deployment as `ripen.yaml` writes them. What is left out keeps its default; a check is given up only by `false`.
 * `…_over_…` bounds are for the end of the paired interval that speaks against the candidate.
 */
export const gateDeclaration = declaration.transform((declared): GateRules => ({
  limits: limitsOf(declared),
  overBaseline: gainsOf(declared, 'baseline') ?? defaultGateRules.overBaseline,
  overProduction: gainsOf(declared, 'production') ?? defaultGateRules.overProduction,
  sliceFloors: slicesOf(declared.slices),
  latencyP99Ms: keptOr(declared.maximum_latency_p99_ms, defaultGateRules.latencyP99Ms),
  sizeBytes: keptOr(declared.maximum_model_bytes, defaultGateRules.sizeBytes),
  contracts: keptOr(declared.contracts, defaultGateRules.contracts),
  signature: keptOr(declared.signature, defaultGateRules.signature),
  bootstrap: { resamples: declared.bootstrap_samples, confidence: declared.confidence, seed: declared.seed },
}));

type Bounds = Readonly<Partial<Record<string, unknown>>>;

function keptOr<Value>(declared: Value | false | undefined, otherwise: Value | undefined): Value | undefined {
  if (declared === undefined) return otherwise;
  return declared === false ? undefined : declared;
}

function limitsOf(declared: Bounds): readonly MetricLimit[] {
  const higher = limit(declared, { metric: 'auc', bound: 'minimum' });
  const lower = (['log_loss', 'brier', 'calibration_error'] as const).flatMap((metric) => limit(declared, { metric, bound: 'maximum' }));
  return [...higher, ...lower];
}

function limit(declared: Bounds, of: Omit<MetricLimit, 'value'>): readonly MetricLimit[] {
  const value = declared[`${of.bound}_${of.metric}`];
  return typeof value === 'number' ? [{ ...of, value }] : [];
}

// A loss may grow by at most the bound, so the gain is its negative.
function gainsOf(declared: Bounds, over: 'baseline' | 'production'): readonly RequiredGain[] | undefined {
  const gains = (['auc', 'log_loss', 'brier'] as const).flatMap((metric): readonly RequiredGain[] => {
    const value = declared[`${metric === 'auc' ? 'minimum' : 'maximum'}_${metric}_over_${over}`];
    if (typeof value !== 'number') return [];
    // 0 - value keeps a bound of 0 from becoming -0.
    return [{ metric, minimumGain: metric === 'auc' ? value : 0 - value }];
  });
  return gains.length === 0 ? undefined : gains;
}

interface DeclaredSlices {
  readonly by: readonly string[];
  readonly minimum_rows: number;
  readonly minimum_auc: number;
  readonly floors?: Readonly<Record<string, number>> | undefined;
  readonly test: 'significant' | 'point';
}

function slicesOf(declared: DeclaredSlices | false | undefined): GateRules['sliceFloors'] {
  if (declared === undefined) return defaultGateRules.sliceFloors;
  if (declared === false) return undefined;
  return { floor: declared.minimum_auc, floors: declared.floors, minimumRows: declared.minimum_rows, test: declared.test, by: declared.by };
}
