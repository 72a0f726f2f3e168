import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, type Machine } from './machine.ts';
import type { Figure } from './summary.ts';

export interface Row extends Partial<Figure> {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** Of section "Numbers to hold", or what it is to be read against. */
  readonly target?: string;
  readonly note?: string;
}

export interface Options {
  /** Peers are installed where they are not yet. */
  readonly peers: boolean;
  /** A quick look: fewer repeats. */
  readonly quick: boolean;
}

export interface Benchmark {
  readonly name: string;
  readonly title: string;
  run(options: Options, say: (line: string) => void): Promise<readonly Row[]>;
}

const results = join(import.meta.dirname, '../RESULTS.md');

/** Runs a benchmark, prints its table and its JSON, and with `--record` writes the table into RESULTS.md. */
export async function measure(benchmark: Benchmark): Promise<void> {
  const { values } = parseArgs({
    options: { record: { type: 'boolean' }, peers: { type: 'boolean' }, quick: { type: 'boolean' } },
    strict: true,
  });
  const options = { peers: values.peers === true, quick: values.quick === true };
  const machine = describeMachine();
  // Ends by way of `exit`, where servers and folders are cleaned up.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));
  process.stderr.write(`${benchmark.title}\n`);
  const rows = await benchmark.run(options, (line) => process.stderr.write(`  ${line}\n`));
  const table = renderTable(rows);
  process.stdout.write(`${table}\n${JSON.stringify({ benchmark: benchmark.name, machine, rows })}\n`);
  if (values.record === true) record(benchmark, `${table}\n${renderMachine(benchmark.name, machine, options)}`);
}

function renderTable(rows: readonly Row[]): string {
  const cells = rows.map((row) => [row.what, renderFigure(row), row.target ?? '', row.note ?? '']);
  const table = [['What', 'Figure', 'Target', 'Note'], ...cells];
  const widths = [0, 1, 2, 3].map((column) => Math.max(3, ...table.map((line) => line[column]?.length ?? 0)));
  const lines = table.map((line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  return [lines[0], `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...lines.slice(1)].join('\n');
}

function renderFigure({ value, unit, least, most, repeats }: Row): string {
  const spread = repeats === undefined || repeats < 2 ? '' : ` (${short(least)} to ${short(most)}, ${repeats} repeats)`;
  return `${short(value)} ${unit}${spread}`;
}

function short(value: number | undefined): string {
  if (value === undefined || !Number.isFinite(value)) return 'none';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function renderMachine(name: string, machine: Machine, { peers, quick }: Options): string {
  const python = machine.python === undefined ? '' : `, Python ${machine.python}`;
  const busy =
    machine.loadBefore > 0.3 * machine.cores
      ? `Other work ran on the machine: load average ${machine.loadBefore} on ${machine.cores} cores before the start.`
      : 'Nothing else ran on the machine.';
  const command = `node bin/ripen.mjs dev bench ${name}${quick ? ' --quick' : ''}${peers ? ' --peers' : ''}`;
  return `\n\`${command}\`: ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.os}, Node ${machine.node}${python}. ${busy}`;
}

/** Puts the text between the marks of this benchmark; what people wrote around them stays. */
function record({ name, title }: Benchmark, text: string): void {
  const [begin, end] = [`<!-- ${name}: measured -->`, `<!-- ${name}: end -->`];
  const before = readFileSync(results, 'utf8');
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  const block = `${begin}\n\n${text}\n\n${end}`;
  const after =
    from < 0 || to < from
      ? `${before.trimEnd()}\n\n## ${title}\n\n${block}\n`
      : before.slice(0, from) + block + before.slice(to + end.length);
  writeFileSync(results, after);
}
