import { z } from 'zod';
import { nearestName } from '#kernel/nearest-name.ts';
import { servingErrors } from './errors.ts';
import { defaultRolloutRules, type RolloutRules } from './rollout-statistics.ts';

/** The part of `deployments.<name>` in ripen.yaml that serving reads; other modules own the other keys. */

const share = z.number().min(0).max(1);
const milliseconds = z.number().positive().max(3_600_000);
const durationUnits = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h)$/, 'must be a whole number and ms, s, m or h, such as 30s')
  .transform((text) => {
    const [, amount, unit] = /^(\d+)(ms|s|m|h)$/.exec(text) ?? [];
    return Number(amount) * durationUnits[(unit ?? 's') as keyof typeof durationUnits];
  });

const steps = z
  .array(z.number().positive().max(100))
  .min(1)
  .refine((list) => list.every((weight, index) => index === 0 || weight > (list[index - 1] ?? 0)), 'must rise')
  .refine((list) => list.at(-1) === 100, 'must end with 100')
  .refine((list) => list.every((weight) => Number.isInteger(Math.round(weight * 1e6) / 1e4)), 'may have two decimals');

const replicaCount = z.number().int().min(1).max(32);
const replicas = z.union([replicaCount, z.strictObject({ staging: replicaCount.optional(), production: replicaCount.optional() })]);

const schema = z.strictObject({
  model: z.string().min(1),
  description: z.string().optional(),
  owner: z.string().min(1).optional(),
  runbook: z.string().min(1).optional(),
  maximum_model_age_days: z.number().positive().max(36_500).optional(),
  objectives: z.strictObject({ latency_p99_ms: milliseconds.optional(), availability: share.optional() }).optional(),
  limits: z
    .strictObject({
      memory_mb: z.number().int().min(64).max(1_048_576).optional(),
      threads: z.number().int().min(1).max(128).optional(),
      request_timeout: duration.optional(),
      body_mb: z.number().positive().max(1024).optional(),
    })
    .optional(),
  replicas: replicas.optional(),
  canary: steps.optional(),
  rollout: z
    .strictObject({
      minimum_requests: z.number().int().min(1).optional(),
      error_rate_margin: share.optional(),
      latency_p99_ratio: z.number().positive().optional(),
      latency_p99_floor_ms: z.number().min(0).optional(),
      score_distance: share.optional(),
      significance: z.number().positive().max(0.5).optional(),
      step_timeout: duration.optional(),
      start_timeout: duration.optional(),
      extensions: z.number().int().min(0).max(100).optional(),
    })
    .optional(),
  rollback: z.strictObject({ to: z.literal('previous') }).optional(),
  routing: z.strictObject({ sticky: z.enum(['key', 'request']).optional() }).optional(),
  score: z
    .strictObject({ output: z.string().min(1).optional(), range: z.tuple([z.number(), z.number()]).optional() })
    .refine(({ range }) => range === undefined || range[0] < range[1], 'the range must rise')
    .optional(),
  log: z.strictObject({ predictions: z.boolean().optional() }).optional(),
});

const ownKeys = Object.keys(schema.shape);
/** Keys of the same section that monitoring and delivery read. */
const foreignKeys = ['gates', 'monitoring', 'alerts', 'approvals', 'release'];

/** How one deployment is to be served; every default filled in. */
export interface DeploymentSpec {
  readonly model: string;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  readonly runbook?: string | undefined;
  readonly maximumModelAgeDays?: number | undefined;
  readonly objectives: { readonly latencyP99Ms?: number | undefined; readonly availability?: number | undefined };
  readonly limits: {
    readonly memoryMb?: number | undefined;
    readonly threads: number;
    readonly requestTimeoutMs: number;
    readonly bodyBytes: number;
  };
  readonly replicas: { readonly staging: number; readonly production: number };
  readonly canary: readonly number[];
  readonly rules: RolloutRules;
  readonly stepTimeoutMs: number;
  readonly startTimeoutMs: number;
  /** How often an undecided step gets more time before the rollout pauses. */
  readonly extensions: number;
  readonly sticky: 'key' | 'request';
  readonly score: { readonly output?: string | undefined; readonly range: readonly [number, number] };
  readonly logPredictions: boolean;
  /** What the writer said himself; a complete spec has all of `completeSpec`. */
  readonly declared: readonly string[];
}

/** What a deployment guideline asks for. */
export const completeSpec = ['owner', 'objectives', 'limits', 'rollback', 'runbook'] as const;

export function isSpecComplete(spec: DeploymentSpec): boolean {
  return completeSpec.every((field) => spec.declared.includes(field));
}

/**
 * Reads one entry of `deployments:`.
 * @throws `serving.spec-invalid` with the path of every problem and, for an unknown key, the nearest right one
 */
export function parseDeploymentSpec(deployment: string, value: unknown): DeploymentSpec {
  const parsed = schema.safeParse(withoutForeignKeys(value));
  if (!parsed.success) throw servingErrors['spec-invalid']({ deployment, problems: parsed.error.issues.flatMap(problemsOf) });
  return toSpec(parsed.data);
}

function withoutForeignKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([key]) => !foreignKeys.includes(key)));
}

function problemsOf(issue: z.core.$ZodIssue): readonly { path: string; problem: string }[] {
  const path = issue.path.join('.');
  if (issue.code !== 'unrecognized_keys') return [{ path, problem: issue.message }];
  return issue.keys.map((key) => {
    const near = nearestName(key, issue.path.length === 0 ? [...ownKeys, ...foreignKeys] : keysAt(issue.path));
    const place = issue.path.length === 0 ? key : `${path}.${key}`;
    return { path: place, problem: near === undefined ? 'there is no such key' : `there is no such key; did you mean "${near}"?` };
  });
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const [name] = path;
  const field: unknown = Object.entries(schema.shape).find(([key]) => key === name)?.[1];
  const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
  return inner instanceof z.ZodObject ? Object.keys(inner.shape) : [];
}

function toSpec(input: z.output<typeof schema>): DeploymentSpec {
  const { limits, rollout } = input;
  return {
    model: input.model,
    description: input.description,
    owner: input.owner,
    runbook: input.runbook,
    maximumModelAgeDays: input.maximum_model_age_days,
    objectives: { latencyP99Ms: input.objectives?.latency_p99_ms, availability: input.objectives?.availability },
    limits: {
      memoryMb: limits?.memory_mb,
      threads: limits?.threads ?? 1,
      requestTimeoutMs: limits?.request_timeout ?? 10_000,
      bodyBytes: Math.floor((limits?.body_mb ?? 8) * 1024 * 1024),
    },
    replicas: replicasOf(input.replicas),
    canary: input.canary ?? [5, 25, 100],
    rules: rulesOf(rollout),
    stepTimeoutMs: rollout?.step_timeout ?? 60_000,
    startTimeoutMs: rollout?.start_timeout ?? 60_000,
    extensions: rollout?.extensions ?? 1,
    sticky: input.routing?.sticky ?? 'key',
    score: { output: input.score?.output, range: input.score?.range ?? [0, 1] },
    logPredictions: input.log?.predictions ?? true,
    declared: Object.entries(input).flatMap(([key, value]) => (value === undefined ? [] : [key])),
  };
}

function replicasOf(input: z.output<typeof replicas> | undefined): DeploymentSpec['replicas'] {
  if (typeof input === 'number') return { staging: input, production: input };
  return { staging: input?.staging ?? 1, production: input?.production ?? 1 };
}

function rulesOf(input: z.output<typeof schema>['rollout']): RolloutRules {
  return {
    minimumRequests: input?.minimum_requests ?? defaultRolloutRules.minimumRequests,
    errorRateMargin: input?.error_rate_margin ?? defaultRolloutRules.errorRateMargin,
    latencyP99Ratio: input?.latency_p99_ratio ?? defaultRolloutRules.latencyP99Ratio,
    latencyP99FloorMs: input?.latency_p99_floor_ms ?? defaultRolloutRules.latencyP99FloorMs,
    scoreDistance: input?.score_distance ?? defaultRolloutRules.scoreDistance,
    significance: input?.significance ?? defaultRolloutRules.significance,
  };
}
