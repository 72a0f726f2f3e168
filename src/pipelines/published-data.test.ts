import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createData, dataMigrations } from '#data/index.ts';
import { createAnalytics } from '#kernel/analytics/index.ts';
import { testOnEachDatabase } from '#kernel/database/testing.ts';
import { silentLog } from '#kernel/log.ts';
import { context, finished, migrationSets, withOrchard } from './testing/orchard.ts';

const definition = `
pipelines:
  load:
    steps:
      extract:
        command: printf 'pear,grams\\nAbate,180\\n%s\\n' "$(cat rows.txt)" > "$RIPEN_OUTPUT_PEARS"
        code: [rows.txt]
        outputs: { pears: pears.csv }
        publishes: [{ output: pears, dataset: pears, mode: append, contract: contracts/pears.yaml }]
        retries: 2
      list:
        command: ls "$RIPEN_INPUT_PEARS"
        code: []
        inputs: { pears: dataset:pears }
`;
const contract = `columns:\n  pear: { type: string, nulls: forbidden }\n  grams: { type: integer, minimum: 1 }\n`;

testOnEachDatabase(
  'outputs become real snapshots; a broken contract quarantines the file and fails the step with its rules',
  [...migrationSets, dataMigrations],
  async (database) => {
    const spill = mkdtempSync(join(tmpdir(), 'ripen-pipelines-spill-'));
    const analytics = createAnalytics({ directory: spill, log: silentLog });
    const projects = { project: async (name: string) => ({ name }) };
    try {
      await withOrchard(
        database,
        async (orchard, server) => {
          orchard.write({ 'ripen.yaml': definition, 'rows.txt': 'Conference,160', 'contracts/pears.yaml': contract });
          const go = async () => finished(server, await server.pipelines.startRun(context, { project: 'orchard', pipeline: 'load' }));
          const first = await go();
          assert.equal(first.run.state, 'succeeded', JSON.stringify(first.steps));
          assert.deepEqual(
            first.steps['extract']?.published.map(({ snapshot, rows }) => ({ snapshot, rows })),
            [{ snapshot: 1, rows: 2 }],
          );
          assert.match(Buffer.from(await server.pipelines.logs.read(first.run.id, 'list', { start: 0 })).toString(), /part-00001\.parquet/);
          orchard.write({ 'rows.txt': 'Nashi,-3' });
          const second = await go();
          const failure = second.steps['extract']?.failure;
          assert.deepEqual([second.run.state, failure?.code, second.steps['extract']?.attempts], ['failed', 'data.contract-broken', 1]);
          assert.match(failure?.message ?? '', /grams/);
          const types = (await orchard.events.find({ types: ['dataset.'] })).map(({ type }) => type);
          assert.ok(types.includes('dataset.load.quarantined'));
          assert.equal(types.filter((type) => type === 'dataset.snapshot.published').length, 1);
        },
        { makeData: (kernel) => createData({ kernel: { ...kernel, analytics }, projects }) },
      );
    } finally {
      await analytics.close();
      rmSync(spill, { recursive: true, force: true });
    }
  },
);
