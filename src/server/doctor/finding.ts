import type { Settings } from '#kernel/config/index.ts';
import type { MigrationSet } from '#kernel/database/index.ts';

/** What one look has found, and what to do where it is not `ok`. */
export interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'fault';
  readonly message: string;
  readonly hint?: string;
}

export interface Patient {
  readonly settings: Settings;
  readonly migrations: readonly MigrationSet[];
  /** Where Ripen is installed. */
  readonly installation: string;
  /** Only some of the blobs are hashed. */
  readonly quick: boolean;
  /** Whether a server holds the home. */
  readonly running: boolean;
}

/** One look. A check that throws is a fault with that error. */
export interface Check {
  readonly name: string;
  look(patient: Patient): Promise<Finding | readonly Finding[]>;
}

export const ok = (check: string, message: string): Finding => ({ check, state: 'ok', message });
export const warning = (check: string, message: string, hint: string): Finding => ({ check, state: 'warning', message, hint });
export const fault = (check: string, message: string, hint: string): Finding => ({ check, state: 'fault', message, hint });
