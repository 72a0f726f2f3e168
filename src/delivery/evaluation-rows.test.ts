import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createAnalytics } from '#kernel/analytics/index.ts';
import { silentLog } from '#kernel/log.ts';
import { writeEvaluationRows } from './evaluation-rows.ts';

test('a long file is sampled by its seed alone, in its order; other columns stay away, NaN becomes null', async () => {
  const folder = mkdtempSync(join(tmpdir(), `ripen-rows-it's-`));
  const analytics = createAnalytics({ directory: join(folder, 'analytics'), log: silentLog });
  const file = join(folder, 'evaluation.parquet');
  const signal = new AbortController().signal;
  const rows = async (seed: number, name: string): Promise<string> => {
    const target = join(folder, name);
    await writeEvaluationRows(analytics, { file, inputs: ['Größe "m"', 'day'], seed, target, signal });
    return readFileSync(target, 'utf8');
  };
  try {
    const quoted = file.replaceAll("'", "''");
    await analytics.run(
      `COPY (SELECT i AS "Größe ""m""", DATE '2001-01-31' AS day, 'no' AS secret, 1 AS label,
         CASE WHEN i % 2 = 0 THEN 'NaN'::DOUBLE ELSE 0.25 END AS baseline_score, i % 3 AS slice_three FROM range(60000) t(i))
       TO '${quoted}' (FORMAT parquet)`,
    );
    const first = await rows(1, 'a.jsonl');
    assert.equal(await rows(1, 'b.jsonl'), first);
    assert.notEqual(await rows(2, 'c.jsonl'), first);
    const lines = first.trim().split('\n');
    assert.equal(lines.length, 50_000);
    // The columns that the query above wrote.
    const parsed = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(Object.keys(parsed[0] ?? {}), ['Größe "m"', 'day', 'label', 'baseline_score', 'slice_three']);
    const order = parsed.map((row) => Number(row['Größe "m"']));
    assert.ok(order.every((value, index) => index === 0 || value > (order[index - 1] ?? 0)));
    assert.ok(parsed.every((row, index) => row['baseline_score'] === ((order[index] ?? 0) % 2 === 0 ? null : 0.25)));
    assert.equal(parsed[0]?.['day'], '2001-01-31');
  } finally {
    await analytics.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
