import type { Command } from 'commander';
import type { EventPageWire, EventWire, InclusionProofWire, VerificationWire } from '#governance/index.ts';
import { verifyInclusion } from '#kernel/events/index.ts';
import { connect } from '../client.ts';
import { type Build, collect, describe, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { followStream } from '../follow-stream.ts';
import { formatTime, print, printTable, renderPairs } from '../output.ts';
import { url, withQuery } from '../url.ts';

type ListOptions = Given & { type?: readonly string[]; subject?: string; after?: string; limit: string };

export const buildEvents: Build = (command, context) => {
  buildList(command, context);
  buildFollow(command, context);
  buildProve(command, context);
  buildVerify(command, context);
};

function buildList(command: Command, context: CliContext): void {
  describe(command.command('list').description('Events, the newest first'), 'ripen events list --type model. --limit 20')
    .option('-p, --project <name>', 'only of this project')
    .option('--type <type>', 'only this type, or all that begin with it when it ends in a dot', collect)
    .option('--subject <address>', 'only of this object, and of what is below it')
    .option('--after <number>', 'events after this number, the oldest first')
    .option('--limit <count>', 'how many', '50')
    .action(async (options: ListOptions) => {
      const { project, type, subject, after, limit } = options;
      const page = await connect(context).get<EventPageWire>('/api/v1/events', { project, type, subject, after, limit });
      printTable(context, options, {
        value: page,
        rows: page.items,
        columns: [
          { title: 'Number', value: ({ number }) => number, align: 'right' },
          { title: 'Time (UTC)', value: ({ time }) => formatTime(time) },
          { title: 'Type', value: (event) => event.type },
          { title: 'Who', value: ({ actor }) => actor.name },
          { title: 'Object', value: ({ subject: object }) => object },
        ],
        empty: 'No event fits.',
      });
    });
}

function buildFollow(command: Command, context: CliContext): void {
  describe(command.command('follow').description('Events as they are written, until Ctrl-C'), 'ripen events follow --project flights')
    .option('-p, --project <name>', 'only of this project')
    .option('--after <number>', 'begin after this event')
    .option('--count <count>', 'end after so many events')
    .action(async (options: Given & { after?: string; count?: string }) => {
      const { project, after } = options;
      let left = options.count === undefined ? Infinity : Number(options.count);
      for await (const message of followStream(connect(context), withQuery('/api/v1/events/stream', { project, after }))) {
        // The stream is made of the events that /api/v1/events lists.
        const event = message.data as EventWire;
        context.out.write(options.json === true ? `${JSON.stringify(event)}\n` : `${lineOf(event)}\n`);
        left -= 1;
        if (left <= 0) break;
      }
    });
}

function lineOf({ number, time, type, subject, actor }: EventWire): string {
  return `${String(number).padStart(6)}  ${formatTime(time) ?? ''}  ${type.padEnd(32)}  ${subject}  ${actor.name}`;
}

function buildProve(command: Command, context: CliContext): void {
  describe(
    command.command('prove <number>').description('Prove that an event is in the log (RFC 9162), and check the proof here'),
    'ripen events prove 42',
  ).action(async (number: string, options: Given) => {
    const proof = await connect(context).get<InclusionProofWire>(url`/api/v1/events/${number}/proof`);
    const holds = verifyInclusion(proof);
    print(context, options, { ...proof, holds }, () =>
      [
        renderPairs([
          ['event', `${proof.event.number} ${proof.event.type} ${proof.event.subject}`],
          ['leaf', proof.leaf],
          ...proof.path.map((hash, index) => [`path ${index + 1}`, hash] as const),
          ['log', `${proof.size} events`],
          ['root', proof.root],
        ]),
        holds ? 'The proof holds.' : 'THE PROOF DOES NOT HOLD.',
      ].join('\n'),
    );
    if (!holds) context.exit(1);
  });
}

function buildVerify(command: Command, context: CliContext): void {
  describe(command.command('verify').description('Check every event, the tree and all signed checkpoints'), 'ripen events verify').action(
    async (options: Given) => {
      const verification = await connect(context).post<VerificationWire>('/api/v1/events/verify');
      print(context, options, verification, () => textOf(verification));
      if (!verification.ok) context.exit(1);
    },
  );
}

function textOf({ ok, size, root, faults, checkpoints }: VerificationWire): string {
  const sum = `${size} events and ${checkpoints.checked} signed checkpoints; root ${root}`;
  if (ok) return `The event log is as it was written: ${sum}.`;
  return [`THE EVENT LOG WAS CHANGED: ${sum}.`, ...faults.map(({ explanation }) => `  ${explanation}`)].join('\n');
}
