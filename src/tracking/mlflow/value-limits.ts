import { limits } from '../names.ts';

/** MLflow's server cuts long values rather than refuse them, and clients count on it. Ripen cuts where its own limits are, further out. */

export function cutTagValue(value: string): string {
  return cut(value, limits.tagValue);
}

export function cutParameterValue(value: string): string {
  return cut(value, limits.parameterValue);
}

/** A name as Ripen takes it, of any text that MLflow takes: on one line, not too long; undefined when nothing is left. */
export function nameOf(text: string | undefined): string | undefined {
  // oxlint-disable-next-line no-control-regex -- these are the characters to take out
  const name = cut((text ?? '').replaceAll(/[\u0000-\u001f\u007f]+/g, ' '), limits.name);
  return name.trim() === '' ? undefined : name;
}

function cut(value: string, limit: number): string {
  // Half a surrogate pair at the end would be no text.
  return value.length <= limit ? value : value.slice(0, limit).toWellFormed();
}
