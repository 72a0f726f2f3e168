import { createHash, randomBytes } from 'node:crypto';
import type { ChangeContext } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { identityErrors, type Principal, type Scope, type Token } from './model.ts';
import { deleteToken, findTokenByHash, insertToken, listTokens, touchToken } from './store.ts';

export interface TokenRequest {
  readonly label: string;
  readonly actor: Token['actor'];
  readonly scope: Scope;
  readonly project?: string | undefined;
  readonly account?: string | undefined;
  readonly expiresAt?: number | undefined;
}

/** How often the last use is written down; more would make every read a write. */
const touchEveryMs = 60_000;

export function createTokens({ clock, ids, events }: Pick<Kernel, 'clock' | 'ids' | 'events'>) {
  return {
    /** Makes a token. The secret is in the answer and nowhere else: only its hash is kept. */
    async create(context: ChangeContext, request: TokenRequest): Promise<{ readonly token: Token; readonly secret: string }> {
      const secret = `ripen_${randomBytes(32).toString('base64url')}`;
      const { label, actor, scope, project, account, expiresAt } = request;
      const token: Token = {
        id: ids.next(),
        label,
        actor,
        scope,
        project,
        account,
        createdAt: clock.now(),
        expiresAt,
        lastUsedAt: undefined,
      };
      await events.change(context, async (change) => {
        await insertToken(change, token, hash(secret));
        change.emit({
          type: 'token.created',
          source: 'identity',
          subject: `tokens/${token.id}`,
          data: { label, scope, project, account, expiresAt },
        });
      });
      return { token, secret };
    },

    /** @throws `identity.not-signed-in` when the secret is unknown or over its time */
    async verify(secret: string): Promise<Principal> {
      const token = await findTokenByHash(events.database, hash(secret));
      const now = clock.now();
      if (token === undefined) throw identityErrors['not-signed-in']({ reason: 'the token is not known' });
      if (token.expiresAt !== undefined && token.expiresAt <= now)
        throw identityErrors['not-signed-in']({ reason: 'the token is over its time' });
      if (now - (token.lastUsedAt ?? 0) > touchEveryMs) await events.database.transaction((tx) => touchToken(tx, token.id, now));
      return { actor: token.actor, scope: token.scope, project: token.project, account: token.account };
    },

    list: (): Promise<Token[]> => listTokens(events.database),

    /** @throws `identity.token-not-found` */
    async revoke(context: ChangeContext, id: string): Promise<void> {
      await events.change(context, async (change) => {
        if (!(await deleteToken(change, id))) throw identityErrors['token-not-found']({ token: id });
        change.emit({ type: 'token.revoked', source: 'identity', subject: `tokens/${id}`, data: {} });
      });
    },
  };
}

function hash(secret: string): string {
  // A token has 256 random bits, so a plain hash cannot be guessed back; slow hashes are for passwords.
  return createHash('sha256').update(secret).digest('hex');
}
