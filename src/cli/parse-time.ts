import { cliErrors } from './errors.ts';

/** A date, a time in UTC or epoch milliseconds, as epoch milliseconds. @throws `cli.invalid-option` */
export function parseTime(option: string, given: string): number {
  if (/^\d{10,}$/.test(given)) return Number(given);
  const time = Date.parse(given.length <= 10 ? given : `${given.replace(' ', 'T')}${given.endsWith('Z') ? '' : 'Z'}`);
  if (Number.isNaN(time)) throw cliErrors['invalid-option']({ option, value: given, expected: 'a date or epoch milliseconds' });
  return time;
}
