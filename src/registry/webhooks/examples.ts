import { eventName, type Payload, type WebhookEvent } from './model.ts';

const model = { name: 'example_model' };
const prompt = { name: 'example_prompt' };
const version = { version: '1' };
const described = { tags: { example_key: 'example_value' }, description: 'An example' };
const tag = { key: 'example_key', value: 'example_value' };
const untagged = { key: 'example_key' };
const alias = { alias: 'example_alias' };

/** What a test delivery says: made up, and in the form of the real one. */
const examples: Readonly<Record<string, Payload>> = {
  'registered_model.created': { ...model, ...described },
  'model_version.created': { ...model, ...version, source: 'models:/m-123', run_id: 'abcd1234abcd5678', ...described },
  'model_version_tag.set': { ...model, ...version, ...tag },
  'model_version_tag.deleted': { ...model, ...version, ...untagged },
  'model_version_alias.created': { ...model, ...alias, ...version },
  'model_version_alias.deleted': { ...model, ...alias },
  'prompt.created': { ...prompt, ...described },
  'prompt_version.created': { ...prompt, ...version, template: 'Hello {{name}}!', ...described },
  'prompt_tag.set': { ...prompt, ...tag },
  'prompt_tag.deleted': { ...prompt, ...untagged },
  'prompt_version_tag.set': { ...prompt, ...version, ...tag },
  'prompt_version_tag.deleted': { ...prompt, ...version, ...untagged },
  'prompt_alias.created': { ...prompt, ...alias, ...version },
  'prompt_alias.deleted': { ...prompt, ...alias },
  'budget_policy.exceeded': {
    budget_policy_id: 'bp-abc123',
    budget_unit: 'USD',
    budget_amount: 100,
    current_spend: 105.5,
    duration_unit: 'MONTHS',
    duration_value: 1,
    target_scope: 'GLOBAL',
    window_start: 1704067200000,
  },
};

export function exampleOf(event: WebhookEvent): Payload {
  return examples[eventName(event)] ?? {};
}
