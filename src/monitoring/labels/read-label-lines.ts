import { monitoringErrors } from '../errors.ts';
import { segmentLines } from '../predictions/read-segment.ts';
import { labelSchema } from '../wire.ts';
import type { Label } from './receive-labels.ts';

const most = 1_000_000;

/** Labels as JSON lines. @throws `monitoring.invalid-label`, `monitoring.too-many-labels` */
export async function readLabelLines(body: AsyncIterable<Uint8Array>): Promise<readonly Label[]> {
  const labels: Label[] = [];
  let line = 0;
  for await (const lines of segmentLines('labels', body)) {
    for (const text of lines) {
      line += 1;
      if (text.trim() !== '') labels.push(parseLine(text, line));
    }
    if (labels.length > most) throw monitoringErrors['too-many-labels']({ most });
  }
  return labels;
}

function parseLine(text: string, line: number): Label {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw monitoringErrors['invalid-label']({ line, problem: cause instanceof Error ? cause.message : String(cause) }, cause);
  }
  const parsed = labelSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw monitoringErrors['invalid-label']({ line, problem: `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim() });
}
