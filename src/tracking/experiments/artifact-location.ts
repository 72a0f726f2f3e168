import { trackingErrors } from '../errors.ts';
import { limits } from '../names.ts';

/**
 * Where an experiment's files are to lie: an address that its clients open themselves (`s3://…`, `file:…`, a path), or a folder of
 * Ripen's own store (`mlflow-artifacts:/…`). Refused is what would lead somewhere else once a run's id is put behind it.
 * @throws `tracking.artifact-location-invalid`
 */
export function checkArtifactLocation(location: string): string {
  const problem = problemOf(location);
  if (problem !== undefined) throw trackingErrors['artifact-location-invalid']({ location: location.slice(0, 200), problem });
  return location;
}

function problemOf(location: string): string | undefined {
  if (location.length > limits.artifactLocation) return `it has ${location.length} characters and the limit is ${limits.artifactLocation}`;
  // oxlint-disable-next-line no-control-regex -- these are the characters to refuse
  if (/[\u0000-\u001f\u007f]/.test(location)) return 'it holds a control character';
  if (!location.isWellFormed()) return 'it is not valid Unicode';
  if (/^(runs|models):/i.test(location)) return 'it names a run or a model, not a place';
  const decoded = decodedFully(location);
  if (decoded === undefined) return 'its percent signs spell no characters';
  if (decoded.split(/[/\\]/).includes('..')) return 'it leads upwards with ".."';
  if (location.includes('#')) return 'it has a fragment';
  return undefined;
}

/** Clients decode more than once on the way, so that `%252e%252e` must count as `..`. */
function decodedFully(text: string): string | undefined {
  let current = text;
  for (let round = 0; round < 5; round++) {
    if (!current.includes('%')) return current;
    try {
      const next = decodeURIComponent(current);
      if (next === current) return current;
      current = next;
    } catch {
      // A percent sign that begins no escape is a character like others in a plain path.
      return round === 0 && /%[0-9a-f]{2}/i.test(current) ? undefined : current;
    }
  }
  return undefined;
}
