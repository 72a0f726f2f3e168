import type { TokenWire } from '#identity/index.ts';
import { createIdentity, type Identity, localPerson } from '#identity/index.ts';
import { type Client, connect } from '../client.ts';
import { type Build, describe, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { cliErrors } from '../errors.ts';
import { throughServerOrHome, withEventLog } from '../home.ts';
import { formatTime, print, printTable } from '../output.ts';
import { url } from '../url.ts';

interface Creation {
  readonly label: string;
  readonly scope: 'read' | 'write';
  readonly project?: string;
  readonly expiresAt?: number;
  /** Whom the token stands for; whoever makes it unless said. */
  readonly person?: { readonly id: string; readonly name: string };
}

type Tokens = Identity['tokens'];

const msPerDay = 86_400_000;

export const buildToken: Build = (command, context) => {
  describe(
    command.command('create <label>').description('Make a token; its secret is shown this once'),
    'ripen token create laptop --days 90',
  )
    .option('--scope <scope>', 'read or write', 'write')
    .option('-p, --project <name>', 'the only project that it opens')
    .option('--person <id>', 'whom it stands for, such as a colleague; you unless said')
    .option('--name <name>', 'what that person is called')
    .option('--days <number>', 'how long it is good; without this until it is revoked')
    .action(async (label: string, options: Wishes) => {
      const made = await create(context, creationOf(label, options));
      print(
        context,
        options,
        made,
        () => `${made.secret}\n\nToken ${made.id} (${made.scope}). Use it as RIPEN_TOKEN; it is not shown again.`,
      );
    });
  describe(command.command('list').description('Tokens, without their secrets'), 'ripen token list').action(async (options: Given) => {
    const items = await list(context);
    printTable(context, options, {
      value: { items },
      rows: items,
      columns: [
        { title: 'Id', value: ({ id }) => id },
        { title: 'Label', value: ({ label }) => label },
        { title: 'Scope', value: ({ scope }) => scope },
        { title: 'Of', value: ({ actor }) => actor.name },
        { title: 'Project', value: ({ project }) => project },
        { title: 'Until', value: ({ expiresAt }) => formatTime(expiresAt) },
        { title: 'Last used', value: ({ lastUsedAt }) => formatTime(lastUsedAt) },
      ],
      empty: 'There are no tokens. Make one: `ripen token create laptop`.',
    });
  });
  describe(command.command('revoke <id>').description('End a token at once'), 'ripen token revoke 0199f3b2c4d57abc8def0123456789ab').action(
    async (id: string, options: Given) => {
      await revoke(context, id);
      print(context, options, { revoked: id }, () => `Token ${id} is revoked.`);
    },
  );
};

type Wishes = Given & { scope: string; days?: string; person?: string; name?: string };

function creationOf(label: string, { scope, project, days, person, name }: Wishes): Creation {
  if (scope !== 'read' && scope !== 'write')
    throw cliErrors['invalid-option']({ option: '--scope', value: scope, expected: 'read or write' });
  const count = days === undefined ? undefined : Number(days);
  if (count !== undefined && !(count > 0))
    throw cliErrors['invalid-option']({ option: '--days', value: String(days), expected: 'a number of days' });
  return {
    label,
    scope,
    ...(project === undefined ? {} : { project }),
    ...(person === undefined ? {} : { person: { id: person, name: name ?? person } }),
    ...(count === undefined ? {} : { expiresAt: Date.now() + Math.round(count * msPerDay) }),
  };
}

/** The first token cannot be made with a token: whoever can read the home may make one there. */
function byTokens<Result>(
  context: CliContext,
  ask: (client: Client) => Promise<Result>,
  { make = false, open }: { make?: boolean; open: (tokens: Tokens) => Promise<Result> },
): Promise<Result> {
  return throughServerOrHome(context, {
    ask: () => ask(connect(context)),
    open: () => withEventLog(context, { make }, (kernel) => open(createIdentity({ kernel, auth: 'tokens' }).tokens)),
    opens: ({ kind }) => kind === 'authentication' && context.environment['RIPEN_TOKEN'] === undefined,
  });
}

function create(context: CliContext, creation: Creation): Promise<TokenWire & { secret: string }> {
  const actor = localPerson();
  return byTokens(context, (client) => client.post('/api/v1/tokens', creation), {
    make: true,
    async open(tokens) {
      const { person, ...rest } = creation;
      const { token, secret } = await tokens.create(
        { actor },
        { ...rest, actor: person === undefined ? actor : { kind: 'person', ...person } },
      );
      return { ...token, secret };
    },
  });
}

function list(context: CliContext): Promise<readonly TokenWire[]> {
  return byTokens<readonly TokenWire[]>(context, async (client) => (await client.get<{ items: TokenWire[] }>('/api/v1/tokens')).items, {
    open: (tokens) => tokens.list(),
  });
}

function revoke(context: CliContext, id: string): Promise<void> {
  return byTokens(context, (client) => client.delete(url`/api/v1/tokens/${id}`), {
    open: (tokens) => tokens.revoke({ actor: localPerson() }, id),
  });
}
