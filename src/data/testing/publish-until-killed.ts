/** Run with a home: publishes file after file and prints the number of each snapshot once it is acknowledged, until it is killed. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemActor } from '#kernel/events/index.ts';
import { openData } from './open-data.ts';

const home = process.argv[2] ?? '';
const { data } = await openData(home);
const path = join(home, 'next.csv');
for (let count = 0; ; count++) {
  // Every third file is refused.
  const id = `${process.pid}-${count}`;
  await writeFile(path, count % 3 === 2 ? `id,n\n${id}\n` : `id,n\n${id},${count}\n`);
  const request = { project: 'orchard', dataset: 'pears', file: { path }, mode: 'append', producer: { kind: 'pipeline-run', id } } as const;
  try {
    const { snapshot } = await data.publish({ actor: systemActor }, request);
    process.stdout.write(`snapshot ${snapshot.number} ${snapshot.digest}\n`);
  } catch (error) {
    if (count % 3 !== 2) throw error;
    process.stdout.write('refused\n');
  }
}
