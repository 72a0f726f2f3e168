import { z } from 'zod';

/** One setting: how it is called everywhere, what it may be, and what it is when nobody says. */
export interface SettingDeclaration {
  readonly key: string;
  readonly environment: string;
  readonly schema: z.ZodType<string | number | boolean | readonly string[] | undefined>;
  readonly defaultText: string | undefined;
  readonly description: string;
  /** Shown as *** by `ripen config`. `url` hides only the credentials inside. */
  readonly secret?: 'whole' | 'url';
}

const port = z.coerce.number().int().min(0).max(65535);
const words = z.string().transform((text) =>
  text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== ''),
);

export const declarations = [
  {
    key: 'home',
    environment: 'RIPEN_HOME',
    schema: z.string().min(1),
    defaultText: './.ripen',
    description: 'Directory for everything Ripen keeps on this machine',
  },
  {
    key: 'host',
    environment: 'RIPEN_HOST',
    schema: z.string().min(1),
    defaultText: '127.0.0.1',
    description: 'Address to listen on; anything but loopback needs auth',
  },
  {
    key: 'port',
    environment: 'RIPEN_PORT',
    schema: port,
    defaultText: '7473',
    description: 'Port of the API and the web pages; 0 takes any free one',
  },
  {
    key: 'http.hosts',
    environment: 'RIPEN_HTTP_HOSTS',
    schema: words,
    defaultText: '',
    description: 'Further host names that requests may use, separated by commas',
  },
  {
    key: 'auth',
    environment: 'RIPEN_AUTH',
    schema: z.enum(['none', 'tokens']),
    defaultText: 'none',
    description: 'none: one person on loopback; tokens: every request needs a token',
  },
  {
    key: 'database.url',
    environment: 'RIPEN_DATABASE_URL',
    schema: z
      .string()
      .regex(/^(sqlite:.+|postgres(ql)?:\/\/.+)$/, 'must be sqlite:<path> or postgres://…')
      .optional(),
    defaultText: undefined,
    description: 'Metadata database; sqlite:<home>/ripen.db unless set',
    secret: 'url',
  },
  {
    key: 'database.durability',
    environment: 'RIPEN_DATABASE_DURABILITY',
    schema: z.enum(['normal', 'full']),
    defaultText: 'normal',
    description:
      'normal: a commit survives a crash of Ripen, on PostgreSQL whatever its synchronous_commit says; full: also one of the machine',
  },
  {
    key: 'objects.url',
    environment: 'RIPEN_OBJECTS_URL',
    schema: z
      .string()
      .regex(/^(file:|s3:).+$/, 'must be file:<path> or s3://bucket/prefix')
      .optional(),
    defaultText: undefined,
    description: 'Where blobs are kept; file:<home>/objects unless set',
    secret: 'url',
  },
  {
    key: 'log.level',
    environment: 'RIPEN_LOG_LEVEL',
    schema: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
    defaultText: 'info',
    description: 'How much the server logs',
  },
  {
    key: 'steps.parallel',
    environment: 'RIPEN_STEPS_PARALLEL',
    schema: z.coerce.number().int().min(1).max(256),
    defaultText: '2',
    description: 'Pipeline steps that run at once',
  },
  {
    key: 'registry.retention',
    environment: 'RIPEN_REGISTRY_RETENTION',
    schema: z.coerce.number().int().min(0).max(36500),
    defaultText: '30',
    description: 'Days that deleted models and versions can be brought back',
  },
  {
    key: 'webhooks.schemes',
    environment: 'RIPEN_WEBHOOKS_SCHEMES',
    schema: words.pipe(z.array(z.enum(['http', 'https'])).min(1)),
    defaultText: 'https',
    description: 'Schemes that addresses of webhooks may have, separated by commas: https, http',
  },
  {
    key: 'webhooks.private-addresses',
    environment: 'RIPEN_WEBHOOKS_PRIVATE_ADDRESSES',
    schema: z.stringbool(),
    defaultText: 'false',
    description: 'Whether webhooks may go to this machine and to private networks',
  },
  {
    key: 'gateway.port',
    environment: 'RIPEN_GATEWAY_PORT',
    schema: port,
    defaultText: '7474',
    description: 'Port of the production gateway; staging listens on the next one; 0 takes free ones',
  },
  {
    key: 'otel.endpoint',
    environment: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    schema: z.url().optional(),
    defaultText: undefined,
    description: 'Where to send traces; needs the package @opentelemetry/sdk-node',
  },
] as const satisfies readonly SettingDeclaration[];

type Declaration = (typeof declarations)[number];
export type SettingKey = Declaration['key'];
/** What each key's schema gives. */
export type SettingValues = { readonly [Key in SettingKey]: z.output<Extract<Declaration, { key: Key }>['schema']> };

/** The settings as the server uses them; paths absolute, defaults filled in. */
export interface Settings {
  readonly home: string;
  readonly host: string;
  readonly port: number;
  readonly httpHosts: readonly string[];
  readonly auth: 'none' | 'tokens';
  readonly databaseUrl: string;
  readonly databaseDurability: 'normal' | 'full';
  readonly objectsUrl: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly stepsParallel: number;
  /** Days. */
  readonly registryRetention: number;
  readonly webhooksSchemes: readonly ('http' | 'https')[];
  readonly webhooksPrivateAddresses: boolean;
  readonly gatewayPort: number;
  readonly otelEndpoint: string | undefined;
}
