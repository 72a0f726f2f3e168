import type { Clock } from '#kernel/clock.ts';
import type { Ids } from '#kernel/ids.ts';
import type { Log } from '#kernel/log.ts';
import type { Routes } from '../routes.ts';
import type { Spool } from '../spool.ts';

export interface GatewayParts {
  readonly routes: () => Routes;
  readonly spool: Spool;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}
