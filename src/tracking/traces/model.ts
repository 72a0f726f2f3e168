import type { Json } from '#kernel/canonical-json.ts';
import type { Branded } from '#kernel/ids.ts';
import type { sourceKinds, traceStates } from './words.ts';

export type TraceId = Branded<'TraceId'>;

export type TraceState = (typeof traceStates)[number];

export type SpanStatus = 'unset' | 'ok' | 'error';

/** Tokens of model calls. */
export interface TokenUsage {
  readonly input: number;
  readonly output: number;
  readonly total: number;
  readonly cacheRead?: number | undefined;
  readonly cacheCreation?: number | undefined;
}

/** United States dollars. */
export interface TokenCost {
  readonly input: number;
  readonly output: number;
  readonly total: number;
}

export interface PromptReference {
  readonly name: string;
  readonly version: string;
}

/** What is known of a trace without its spans. Times are epoch milliseconds, durations milliseconds. */
export interface Trace {
  readonly id: TraceId;
  readonly project: string;
  readonly experimentId: string;
  readonly experiment: string;
  /** The experiment's number in its project. */
  readonly experimentNumber: number;
  /** Where the experiment's files lie, when that is not Ripen's own store. */
  readonly experimentLocation: string | undefined;
  readonly name: string | undefined;
  readonly state: TraceState;
  readonly requestedAt: number;
  readonly duration: number | undefined;
  readonly clientRequestId: string | undefined;
  readonly requestPreview: string | undefined;
  readonly responsePreview: string | undefined;
  readonly tokens: TokenUsage | undefined;
  readonly cost: TokenCost | undefined;
  /** A client told of the trace itself, and not only of its spans. */
  readonly told: boolean;
  /** How many spans are kept. */
  readonly spans: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly assessments: readonly Assessment[];
  /** Ids of the runs it belongs to. */
  readonly runs: readonly string[];
}

export type Attributes = Readonly<Record<string, Json>>;

export interface SpanEvent {
  readonly name: string;
  /** Epoch nanoseconds. */
  readonly time: bigint;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly trace: string;
  readonly span: string;
  readonly attributes: Attributes;
}

/** One operation of a trace, as OpenTelemetry knows it. Ids are lower-case hex, times epoch nanoseconds. */
export interface Span {
  readonly id: string;
  readonly parent: string | undefined;
  readonly name: string;
  /** Number of the OpenTelemetry span kind. */
  readonly kind: number;
  readonly startedAt: bigint;
  readonly endedAt: bigint | undefined;
  readonly status: SpanStatus;
  readonly statusMessage: string | undefined;
  readonly traceState: string | undefined;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
}

export type AssessmentSourceKind = (typeof sourceKinds)[number];

export interface AssessmentError {
  readonly code: string;
  readonly message?: string | undefined;
  readonly stack?: string | undefined;
}

/** What somebody or something judged: feedback, an expected value, or that a known issue shows here. */
export type AssessmentContent =
  | { readonly kind: 'feedback'; readonly value: Json; readonly error?: AssessmentError | undefined }
  | { readonly kind: 'expectation'; readonly value: Json }
  | { readonly kind: 'issue'; readonly issue: string };

export interface Assessment {
  readonly id: string;
  readonly name: string;
  readonly content: AssessmentContent;
  readonly source: { readonly kind: AssessmentSourceKind; readonly id: string };
  readonly span: string | undefined;
  readonly rationale: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  /** The assessment that this one takes the place of. */
  readonly overrides: string | undefined;
  /** False when another one took its place. */
  readonly valid: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}
