import pino from 'pino';

/** Structured logs, object first: `log.info({ run }, 'run started')`. */
export interface Log {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
  child(bindings: Record<string, unknown>): Log;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Writes JSON lines to standard error, or to `file`. Secrets under well-known names are replaced. */
export function createLog(options: { readonly level: LogLevel; readonly file?: string }): Log {
  const destination = pino.destination({ dest: options.file ?? 2, sync: true, mkdir: true });
  return pino(
    {
      level: options.level,
      base: null,
      formatters: { level: (label) => ({ level: label }) },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: ['*.token', '*.password', '*.secret', '*.authorization', 'token', 'password', 'secret'], censor: '***' },
    },
    destination,
  );
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };
