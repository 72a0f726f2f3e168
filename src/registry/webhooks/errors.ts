import { defineErrors } from '#kernel/errors.ts';

export const webhookErrors = defineErrors('webhooks', {
  'not-found': {
    kind: 'not-found',
    message: (a: { webhook: string }) => `Webhook with ID ${a.webhook} not found.`,
    hint: () => '`ripen webhooks list` shows those that there are.',
  },
  'delivery-not-found': {
    kind: 'not-found',
    message: (a: { delivery: string }) => `There is no delivery ${a.delivery} of this webhook.`,
    hint: () => 'Deliveries are kept for 30 days after they ended.',
  },
  'name-invalid': {
    kind: 'input',
    message: (a: { name: string }) =>
      `Webhook name '${a.name}' is invalid. It must start and end with a letter or digit, have at most 63 characters, and contain only letters, digits, dots (.), underscores (_), and hyphens (-).`,
  },
  'url-empty': {
    kind: 'input',
    message: () => 'Webhook URL cannot be empty or just whitespace.',
  },
  'url-invalid': {
    kind: 'input',
    message: (a: { url: string; problem: string }) => `Invalid webhook URL '${a.url}': ${a.problem}.`,
  },
  'scheme-invalid': {
    kind: 'input',
    message: (a: { scheme: string; allowed: readonly string[] }) =>
      `Invalid webhook URL scheme: '${a.scheme}'. Allowed schemes are: ${a.allowed.join(', ')}.`,
    hint: () => 'The setting webhooks.schemes can allow more.',
  },
  'address-private': {
    kind: 'input',
    message: (a: { host: string; address: string }) => `Webhook URL host '${a.host}' is not public: it leads to ${a.address}.`,
    hint: () =>
      'Use an address in the public internet. Where receivers are on the same network, an administrator can set webhooks.private-addresses.',
  },
  'host-unknown': {
    kind: 'input',
    message: (a: { host: string; problem: string }) => `Cannot resolve webhook URL hostname '${a.host}': ${a.problem}.`,
  },
  'events-invalid': {
    kind: 'input',
    message: (a: { problem: string }) => `The events of a webhook are invalid: ${a.problem}.`,
    hint: () => 'Write for example registered_model.created, model_version.created, model_version_alias.created or prompt_version.created.',
  },
  'too-long': {
    kind: 'limit',
    message: (a: { what: string; length: number; limit: number }) =>
      `The ${a.what} of a webhook has ${a.length} characters; the limit is ${a.limit}.`,
    hint: () => 'Shorten it.',
  },
  'too-many': {
    kind: 'limit',
    message: (a: { project: string; limit: number }) => `The project ${a.project} has ${a.limit} webhooks, which is the limit.`,
    hint: () => 'Delete one that is not needed any more, or let one webhook be told of more events.',
  },
  'secret-unreadable': {
    kind: 'internal',
    message: (a: { webhook: string }) => `The secret of the webhook ${a.webhook} cannot be decrypted with the key of this home.`,
    hint: () =>
      'Put back <home>/keys/webhooks.key from a backup, or set the secret of the webhook again. Servers that share a database share this file.',
  },
});
