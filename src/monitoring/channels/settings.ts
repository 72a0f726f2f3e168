import { z } from 'zod';

/** Where to tell of alerts, as `monitoring.notify` of a deployment declares it. The log is always told. */
export interface ChannelSettings {
  readonly channel: 'webhook';
  readonly url: string;
  /** Name of the environment variable of the server that holds the secret of the signature. */
  readonly secretEnvironment: string | undefined;
}

export const channelDeclaration = z
  .strictObject({
    channel: z.enum(['webhook']),
    url: z.url({ protocol: /^https?$/ }).max(2000),
    secret_env: z
      .string()
      .regex(/^[A-Z_][A-Z0-9_]*$/)
      .optional(),
  })
  .transform(({ channel, url, secret_env: secretEnvironment }): ChannelSettings => ({ channel, url, secretEnvironment }));
