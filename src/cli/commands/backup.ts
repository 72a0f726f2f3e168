import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { localPerson } from '#identity/index.ts';
import { RipenError } from '#kernel/errors.ts';
import { type BackupWire, type Manifest, recordBackup, writeBackup } from '#server/index.ts';
import { connect } from '../client.ts';
import { type Build, describe, type Given } from '../command.ts';
import type { CliContext } from '../context.ts';
import { throughServerOrHome, withHome } from '../home.ts';
import { formatBytes, print } from '../output.ts';
import { createProgress, type Task } from '../progress.ts';
import { url } from '../url.ts';

/** What is told of a finished backup. */
interface Summary {
  readonly folder: string;
  readonly events: { readonly size: number; readonly root: string };
  readonly files: number;
  readonly bytes: number;
  readonly damagedBlobs: readonly string[];
}

const pollMs = 250;

export const buildBackup: Build = (command, context) => {
  describe(command.argument('[folder]', 'a new folder; default ripen-backup-<time>'), 'ripen backup ../flights-backup').action(
    async (given: string | undefined, options: Given) => {
      const folder = resolve(context.directory, given ?? `ripen-backup-${new Date().toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}`);
      const progress = createProgress(options.json === true ? context.err : context.out);
      const summary = await progress.task('Backup', async (task) => {
        const made = await make(context, folder, task);
        task.result(`${made.files.toLocaleString('en')} files, ${formatBytes(made.bytes) ?? ''}`);
        return made;
      });
      print(context, options, summary, () => textOf(summary));
      if (summary.damagedBlobs.length > 0) context.exit(1);
    },
  );
};

function make(context: CliContext, folder: string, task: Task): Promise<Summary> {
  return throughServerOrHome(context, {
    ask: () => askServer(context, folder, task),
    open: () =>
      withHome(context, async (kernel) => {
        const manifest = await writeBackup(kernel, folder, ({ stage, ...state }) => task.update({ ...state, note: stage }));
        await recordBackup(kernel, { actor: localPerson() }, manifest);
        return summaryOf(folder, manifest);
      }),
  });
}

async function askServer(context: CliContext, folder: string, task: Task): Promise<Summary> {
  const client = connect(context);
  let backup = await client.post<BackupWire>('/api/v1/backups', { folder });
  while (backup.state === 'running') {
    await pause(pollMs);
    backup = await client.get<BackupWire>(url`/api/v1/backups/${backup.id}`);
    if (backup.progress !== undefined) {
      const { stage, done, total } = backup.progress;
      task.update({ note: stage, done, ...(total === undefined ? {} : { total }) });
    }
  }
  const { error, events, files = 0, bytes = 0, damagedBlobs = [] } = backup;
  if (error !== undefined || events === undefined)
    throw new RipenError({ kind: 'conflict', code: 'backup.failed', message: `The backup to ${folder} failed.`, ...error });
  return { folder, events, files, bytes, damagedBlobs };
}

function summaryOf(folder: string, { events, files, damagedBlobs }: Manifest): Summary {
  return { folder, events, files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0), damagedBlobs };
}

function textOf({ folder, events, damagedBlobs }: Summary): string {
  const damaged =
    damagedBlobs.length === 0
      ? []
      : [`${damagedBlobs.length} blobs were damaged already and are not in it: ${damagedBlobs.join(', ')}. Run \`ripen doctor\`.`];
  return [`${folder} holds everything up to event ${events.size}; root ${events.root}.`, ...damaged].join('\n');
}
