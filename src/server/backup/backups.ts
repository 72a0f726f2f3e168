import { resolve } from 'node:path';
import { asRipenError, type RipenError } from '#kernel/errors.ts';
import type { ChangeContext } from '#kernel/events/index.ts';
import type { Kernel } from '#kernel/kernel.ts';
import { backupErrors } from './errors.ts';
import type { BackupProgress, Manifest } from './manifest.ts';
import { recordBackup, writeBackup } from './write-backup.ts';

/** A backup that this server has made or is making. */
export interface Backup {
  readonly id: string;
  readonly folder: string;
  readonly state: 'running' | 'finished' | 'failed';
  readonly startedAt: number;
  readonly progress: BackupProgress | undefined;
  readonly manifest: Manifest | undefined;
  readonly error: RipenError | undefined;
}

/** Backups of a working server, one at a time; remembered until it stops. */
export function createBackups(kernel: Pick<Kernel, 'clock' | 'database' | 'events' | 'home' | 'ids' | 'objects'>) {
  const backups = new Map<string, Backup>();
  let running: Promise<void> = Promise.resolve();
  let stopping = false;

  async function make(context: ChangeContext, backup: Backup): Promise<void> {
    const update = (change: Partial<Backup>) => backups.set(backup.id, { ...(backups.get(backup.id) ?? backup), ...change });
    try {
      const manifest = await writeBackup(kernel, backup.folder, (progress) => {
        if (stopping) throw backupErrors['server-stopped']({ folder: backup.folder });
        update({ progress });
      });
      await recordBackup(kernel, context, manifest);
      update({ state: 'finished', manifest });
    } catch (error) {
      update({ state: 'failed', error: asRipenError(error) });
    }
  }

  return {
    /** Begins a backup and returns at once. @throws `backup.already-running` */
    start(context: ChangeContext, folder: string): Backup {
      const other = [...backups.values()].find(({ state }) => state === 'running');
      if (other !== undefined) throw backupErrors['already-running']({ folder: other.folder });
      const backup: Backup = {
        id: kernel.ids.next(),
        folder: resolve(folder),
        state: 'running',
        startedAt: kernel.clock.now(),
        progress: undefined,
        manifest: undefined,
        error: undefined,
      };
      backups.set(backup.id, backup);
      running = make(context, backup);
      return backup;
    },

    /** @throws `backup.no-such-backup` */
    find(id: string): Backup {
      const found = backups.get(id);
      if (found === undefined) throw backupErrors['no-such-backup']({ backup: id });
      return found;
    },

    list: (): readonly Backup[] => [...backups.values()].toReversed(),

    /** Breaks off the one under way. */
    stop(): Promise<void> {
      stopping = true;
      return running;
    },
  };
}

export type Backups = ReturnType<typeof createBackups>;
