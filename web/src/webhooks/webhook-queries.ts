import type { DeliveryDetailWire, DeliveryWire, ListedWebhookWire, WebhookTestWire, WebhookWire } from '#registry/wire.ts';
import { patch, pathOf, post, remove } from '../api/client.ts';
import { apiQuery, useAction } from '../api/queries.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string;
}

export interface WebhookAddress {
  readonly project: string;
  readonly webhook: string;
}

const listPath = (project: string) => pathOf`/projects/${project}/webhooks`;
const path = ({ project, webhook }: WebhookAddress) => pathOf`/projects/${project}/webhooks/${webhook}`;

/** While deliveries wait, how often to look again, ms. */
export const liveMs = 3000;

export const webhooksQuery = (project: string) => apiQuery<Page<ListedWebhookWire>>('webhooks', listPath(project), { limit: 1000 });
export const deliveriesQuery = (of: WebhookAddress, state: string | undefined) =>
  apiQuery<Page<DeliveryWire>>('webhooks', `${path(of)}/deliveries`, { state, limit: 200 });
export const deliveryQuery = (of: WebhookAddress, delivery: string) =>
  apiQuery<DeliveryDetailWire>('webhooks', path(of) + pathOf`/deliveries/${delivery}`);

export interface NewWebhook {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly description?: string | undefined;
  readonly secret?: string | undefined;
}

export const useCreateWebhook = (project: string) =>
  useAction((made: NewWebhook) => post<WebhookWire>(listPath(project), made), ['webhooks']);
export const useEditWebhook = (of: WebhookAddress) =>
  useAction((edit: { readonly status: 'active' | 'disabled' }) => patch<WebhookWire>(path(of), edit), ['webhooks']);
export const useDeleteWebhook = (of: WebhookAddress) => useAction(() => remove(path(of)), ['webhooks']);
export const useTestWebhook = (of: WebhookAddress) => useAction(() => post<WebhookTestWire>(`${path(of)}/test`), []);
export const useRedeliver = (of: WebhookAddress) =>
  useAction((delivery: string) => post<DeliveryDetailWire>(path(of) + pathOf`/deliveries/${delivery}/redeliver`), ['webhooks']);

/** What a webhook can be told of, in the words of the page. */
export const occurrences: readonly { readonly event: string; readonly label: string; readonly group: 'Models' | 'Prompts' }[] = [
  { event: 'registered_model.created', label: 'A model is created', group: 'Models' },
  { event: 'model_version.created', label: 'A version is registered', group: 'Models' },
  { event: 'model_version_alias.created', label: 'An alias points to a version', group: 'Models' },
  { event: 'model_version_alias.deleted', label: 'An alias is taken away', group: 'Models' },
  { event: 'model_version_tag.set', label: 'A tag of a version is set', group: 'Models' },
  { event: 'model_version_tag.deleted', label: 'A tag of a version is taken away', group: 'Models' },
  { event: 'prompt.created', label: 'A prompt is created', group: 'Prompts' },
  { event: 'prompt_version.created', label: 'A version of a prompt is registered', group: 'Prompts' },
  { event: 'prompt_alias.created', label: 'An alias points to a version of a prompt', group: 'Prompts' },
  { event: 'prompt_alias.deleted', label: 'An alias of a prompt is taken away', group: 'Prompts' },
  { event: 'prompt_tag.set', label: 'A tag of a prompt is set', group: 'Prompts' },
  { event: 'prompt_tag.deleted', label: 'A tag of a prompt is taken away', group: 'Prompts' },
  { event: 'prompt_version_tag.set', label: 'A tag of a version of a prompt is set', group: 'Prompts' },
  { event: 'prompt_version_tag.deleted', label: 'A tag of a version of a prompt is taken away', group: 'Prompts' },
];
