import { styleText } from 'node:util';
import { loadConfig } from '#kernel/config/index.ts';
import { examine, type Finding } from '#server/index.ts';
import { type Build, describe, type Given } from '../command.ts';

const marks = {
  ok: styleText('green', 'ok     '),
  warning: styleText('yellow', 'warning'),
  fault: styleText('red', 'fault  '),
} as const;
const indent = ' '.repeat(9);

export const buildDoctor: Build = (command, context) => {
  describe(command, 'ripen doctor --quick')
    .option('--quick', 'hash only a sample of the blobs')
    .action(async (options: Given & { quick?: boolean }) => {
      const { settings } = loadConfig(context);
      const { migrations } = await context.composition();
      const findings: Finding[] = [];
      for await (const finding of examine({ settings, migrations, quick: options.quick === true })) {
        findings.push(finding);
        if (options.json !== true) context.out.write(lineOf(finding));
      }
      const faults = findings.filter(({ state }) => state === 'fault').length;
      if (options.json === true) context.out.write(`${JSON.stringify({ ok: faults === 0, findings }, undefined, 2)}\n`);
      else
        context.out.write(faults === 0 ? '\nNo fault was found.\n' : `\n${faults} ${faults === 1 ? 'fault was' : 'faults were'} found.\n`);
      if (faults > 0) context.exit(1);
    });
};

function lineOf({ state, message, hint }: Finding): string {
  return `${marks[state]}  ${message}\n${hint === undefined ? '' : `${indent}${hint}\n`}`;
}
