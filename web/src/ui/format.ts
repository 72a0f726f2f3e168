/** Words and figures as shown on screen. Pure: the current time is an argument. What is missing is shown as an en dash by the components. */

const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** Whole number with separators: 1,234,567. */
export function formatCount(value: number): string {
  return Number.isFinite(value) ? integers.format(value) : formatOdd(value);
}

const formatters = new Map<number, Intl.NumberFormat>();

/** Making a formatter costs as much as drawing a row, so each is made once. */
function significant(digits: number): Intl.NumberFormat {
  const known = formatters.get(digits) ?? new Intl.NumberFormat('en', { maximumSignificantDigits: digits });
  formatters.set(digits, known);
  return known;
}

/** Measure with `digits` significant digits, never in scientific notation between 0.0001 and 1e9. */
export function formatNumber(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return formatOdd(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e9)) return value.toExponential(digits - 1);
  if (Number.isInteger(value)) return integers.format(value);
  return significant(Math.max(digits, Math.ceil(Math.log10(size + 1)))).format(value);
}

/** Number with the same decimals each time, for columns. */
export function formatFixed(value: number, digits: number): string {
  if (!Number.isFinite(value)) return formatOdd(value);
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Share 0..1 as per cent. */
export function formatShare(value: number, digits = 1): string {
  if (!Number.isFinite(value)) return formatOdd(value);
  return `${(value * 100).toFixed(digits)} %`;
}

function formatOdd(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '∞' : '−∞';
}

/** Length of time in the two largest units: 840 ms, 3.2 s, 4 min 05 s, 2 h 10 min, 3 d 4 h. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return formatOdd(ms);
  if (ms < 0) return `−${formatDuration(-ms)}`;
  if (ms < 1_000) return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 1_440) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Size in decimal units, as disks and networks count: 14.2 MB. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return formatOdd(bytes);
  const power = Math.min(Math.max(Math.floor(Math.log10(Math.max(Math.abs(bytes), 1)) / 3), 0), byteUnits.length - 1);
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value >= 100 ? 0 : 1)} ${byteUnits[power]}`;
}

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always', style: 'short' });
const steps: readonly (readonly [limitSeconds: number, seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [60, 1, 'second'],
  [3_600, 60, 'minute'],
  [86_400, 3_600, 'hour'],
  [86_400 * 30, 86_400, 'day'],
];

/** Distance of `time` from `now` (both epoch ms): just now, 5 min. ago, 3 days ago; older than 30 days as a date. */
export function formatRelative(time: number, now: number): string {
  const seconds = Math.round((time - now) / 1_000);
  if (Math.abs(seconds) < 5) return 'just now';
  const step = steps.find(([limit]) => Math.abs(seconds) < limit);
  if (step === undefined) return formatDate(time);
  return relative.format(Math.trunc(seconds / step[1]), step[2]);
}

const dates = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** 14 Nov 2026 */
export function formatDate(time: number): string {
  return dates.format(time);
}

const exact: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  timeZoneName: 'shortOffset',
};
const exactHere = new Intl.DateTimeFormat('en-GB', exact);

/** 14 Nov 2026, 09:31:07.250 GMT+1 */
export function formatExact(time: number, timeZone?: string): string {
  return (timeZone === undefined ? exactHere : new Intl.DateTimeFormat('en-GB', { ...exact, timeZone })).format(time);
}

/** Last 8 characters of an id: ids begin with their time, so neighbours differ at the end only. */
export function shortId(id: string): string {
  return id.slice(-8);
}

/** First 12 characters of a digest without its algorithm. */
export function shortDigest(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, 12);
}
