import { limits } from '../names.ts';

/** MLflow's server cuts long values rather than refuse them, and clients count on it. Ripen cuts where its own limits are, further out. */

export function cutTagValue(value: string): string {
  return cut(value, limits.tagValue);
}

export function cutParameterValue(value: string): string {
  return cut(value, limits.parameterValue);
}

function cut(value: string, limit: number): string {
  // Half a surrogate pair at the end would be no text.
  return value.length <= limit ? value : value.slice(0, limit).toWellFormed();
}
