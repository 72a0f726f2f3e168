import { isIP } from 'node:net';
import { nearestName } from '#kernel/nearest-name.ts';
import { firstPrivate, resolveHost } from './addresses.ts';
import { webhookErrors } from './errors.ts';
import { isOccurrence, occurrences, type WebhookEvent, type WebhookEntity, webhookLimits } from './model.ts';

/** What the settings allow. */
export interface AddressRules {
  readonly schemes: readonly string[];
  readonly privateAddresses: boolean;
}

/** @throws `webhooks.name-invalid` */
export function checkName(name: string): string {
  if (!/^(?=.{1,63}$)[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name)) throw webhookErrors['name-invalid']({ name: name.slice(0, 100) });
  return name;
}

/** @throws `webhooks.too-long` */
export function checkLength(what: 'description' | 'secret', text: string): string {
  if (text.length > webhookLimits[what]) throw webhookErrors['too-long']({ what, length: text.length, limit: webhookLimits[what] });
  return text;
}

/** @throws `webhooks.events-invalid` */
export function checkEvents(events: readonly { readonly entity: string; readonly action: string }[]): WebhookEvent[] {
  if (events.length === 0) throw webhookErrors['events-invalid']({ problem: 'Webhook events cannot be empty' });
  const named = new Map<string, WebhookEvent>();
  for (const { entity, action } of events) {
    if (!Object.hasOwn(occurrences, entity)) {
      const nearest = nearestName(entity, Object.keys(occurrences));
      const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      throw webhookErrors['events-invalid']({ problem: `'${entity.slice(0, 60)}' is no entity${meant}` });
    }
    // It is one of the keys.
    const known = entity as WebhookEntity;
    if (!isOccurrence(entity, action)) {
      const problem = `Invalid action '${action.slice(0, 60)}' for entity '${entity}'. Valid actions are: ${occurrences[known].join(', ')}`;
      throw webhookErrors['events-invalid']({ problem });
    }
    named.set(`${entity}.${action}`, { entity: known, action });
  }
  return [...named.values()];
}

/**
 * An address that webhooks may have. Looks the host up unless private addresses are allowed; the connection is checked again when it is made.
 * @throws `webhooks.url-empty`, `webhooks.url-invalid`, `webhooks.scheme-invalid`, `webhooks.address-private`, `webhooks.host-unknown`
 */
export async function checkUrl(written: string, rules: AddressRules): Promise<string> {
  if (written.trim() === '') throw webhookErrors['url-empty']({});
  if (written.length > webhookLimits.url)
    throw webhookErrors['too-long']({ what: 'url', length: written.length, limit: webhookLimits.url });
  const shown = written.slice(0, 100);
  let url: URL;
  try {
    url = new URL(written);
  } catch (error) {
    const problem = 'it is no address such as https://hooks.example.com/ripen';
    throw webhookErrors['url-invalid']({ url: shown, problem }, error);
  }
  const scheme = url.protocol.slice(0, -1);
  if (!rules.schemes.includes(scheme)) throw webhookErrors['scheme-invalid']({ scheme, allowed: rules.schemes });
  if (url.username !== '' || url.password !== '')
    throw webhookErrors['url-invalid']({
      url: `${scheme}://…@${url.host}`,
      problem: 'it holds a password; sign deliveries with a secret instead',
    });
  if (!rules.privateAddresses) await refusePrivate(url.hostname.replace(/^\[|\]$/g, ''));
  return written;
}

async function refusePrivate(host: string): Promise<void> {
  let addresses: readonly string[];
  try {
    addresses = isIP(host) === 0 ? await resolveHost(host) : [host];
  } catch (error) {
    throw webhookErrors['host-unknown']({ host, problem: error instanceof Error ? error.message : String(error) }, error);
  }
  const address = firstPrivate(addresses);
  if (address !== undefined) throw webhookErrors['address-private']({ host, address });
}
