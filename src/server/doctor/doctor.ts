import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lockHome } from '#kernel/database/index.ts';
import { asRipenError } from '#kernel/errors.ts';
import { installation } from '../version.ts';
import { type Check, fault, type Finding, type Patient } from './finding.ts';
import { homeChecks } from './home-checks.ts';
import { machineChecks } from './machine-checks.ts';
import { storedChecks } from './stored-checks.ts';

/** Looks at the machine, the home and everything stored, beside a working server or without one. Changes nothing. */
export async function* examine(patient: Pick<Patient, 'settings' | 'migrations' | 'quick'>): AsyncGenerator<Finding> {
  const whole: Patient = { ...patient, installation, running: isHeld(patient.settings.home) };
  for (const check of [...machineChecks, ...homeChecks, ...storedChecks]) yield* await look(check, whole);
}

async function look(check: Check, patient: Patient): Promise<readonly Finding[]> {
  try {
    return [await check.look(patient)].flat();
  } catch (thrown) {
    const { message, hint, cause } = asRipenError(thrown);
    const reason = cause instanceof Error && !message.includes(cause.message) ? `${message} (${cause.message})` : message;
    return [fault(check.name, reason, hint ?? 'Read the message; `ripen config` shows where each address comes from.')];
  }
}

function isHeld(home: string): boolean {
  if (!existsSync(join(home, 'lock.db'))) return false;
  try {
    lockHome(home).release();
    return false;
  } catch {
    // A server holds it.
    return true;
  }
}
