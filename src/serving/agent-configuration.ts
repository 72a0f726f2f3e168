import type { LogLevel } from '#kernel/log.ts';
import type { Environment } from './model.ts';

/** The first message to an agent. The token is not in its environment, where other programs could read it. */
export interface AgentConfiguration {
  readonly kind: 'configure';
  readonly account: Environment;
  /** Of the control plane. */
  readonly address: string;
  readonly token: string;
  /** Everything the agent keeps. */
  readonly directory: string;
  /** Marks the processes it starts. */
  readonly instance: string;
  /** 0: any free one, the same as last time where possible. */
  readonly gatewayPort: number;
  readonly logLevel: LogLevel;
}

export interface AgentTokenMessage {
  readonly kind: 'token';
  readonly token: string;
}
