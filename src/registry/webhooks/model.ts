import type { Branded } from '#kernel/ids.ts';
import type { Json } from '#kernel/canonical-json.ts';

export type WebhookId = Branded<'WebhookId'>;
export type DeliveryId = Branded<'DeliveryId'>;

/** What webhooks can be told of: MLflow's entities and what may happen to each. Nothing in Ripen is a budget, so that pair never fires. */
export const occurrences = {
  registered_model: ['created'],
  model_version: ['created'],
  model_version_tag: ['set', 'deleted'],
  model_version_alias: ['created', 'deleted'],
  prompt: ['created'],
  prompt_version: ['created'],
  prompt_tag: ['set', 'deleted'],
  prompt_version_tag: ['set', 'deleted'],
  prompt_alias: ['created', 'deleted'],
  budget_policy: ['exceeded'],
} as const;

export type WebhookEntity = keyof typeof occurrences;

/** `registered_model.created`, … */
export interface WebhookEvent {
  readonly entity: WebhookEntity;
  readonly action: string;
}

export type WebhookStatus = 'active' | 'disabled';

export interface Webhook {
  readonly id: WebhookId;
  readonly project: string;
  readonly name: string;
  readonly description: string | undefined;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** A disabled webhook is told nothing; deliveries that wait go on when it is active again. */
  readonly status: WebhookStatus;
  /** Whether deliveries are signed; the secret itself is never given back. */
  readonly signed: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Which result leads from which state to which; `redelivered` is asked for by a person. */
export const deliveryStates = {
  pending: { answered: 'delivered', refused: 'failed', later: 'pending', redelivered: 'pending' },
  delivered: { redelivered: 'pending' },
  failed: { redelivered: 'pending' },
} as const;

export type DeliveryState = keyof typeof deliveryStates;

export interface Delivery {
  readonly id: DeliveryId;
  readonly webhook: WebhookId;
  readonly event: WebhookEvent;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: number;
  /** When it is tried next; undefined unless pending. */
  readonly nextAt: number | undefined;
  readonly finishedAt: number | undefined;
  /** HTTP status of the last answer. */
  readonly status: number | undefined;
  /** Why the last attempt failed. */
  readonly problem: string | undefined;
}

export interface Attempt {
  readonly number: number;
  readonly at: number;
  /** Milliseconds. */
  readonly took: number;
  readonly status: number | undefined;
  /** Beginning of the answer. */
  readonly response: string | undefined;
  readonly problem: string | undefined;
}

export interface DeliveryDetail extends Delivery {
  /** JSON text that is sent. */
  readonly body: string;
  readonly log: readonly Attempt[];
}

/** What one attempt came to. `retry`: whether the same request may well succeed later. */
export interface SendOutcome {
  readonly ok: boolean;
  readonly retry: boolean;
  readonly status: number | undefined;
  readonly response: string | undefined;
  readonly problem: string | undefined;
  /** Milliseconds that the receiver asked to wait. */
  readonly retryAfter: number | undefined;
}

export type Payload = { readonly [key: string]: Json };

/** What its events are about. */
export function subjectOf({ project, id }: Pick<Webhook, 'project' | 'id'>): string {
  return `projects/${project}/webhooks/${id}`;
}

export function eventName({ entity, action }: WebhookEvent): string {
  return `${entity}.${action}`;
}

export function isOccurrence(entity: string, action: string): boolean {
  const actions: readonly string[] | undefined = Object.hasOwn(occurrences, entity) ? occurrences[entity as WebhookEntity] : undefined;
  return actions?.includes(action) === true;
}

export const webhookLimits = { url: 500, description: 1000, secret: 1000, perProject: 100 } as const;
