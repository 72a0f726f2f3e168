import { resolve } from 'node:path';
import { loadConfig } from '#kernel/config/index.ts';
import { restoreBackup } from '#server/index.ts';
import { type Build, describe, type Given } from '../command.ts';
import { print } from '../output.ts';
import { createProgress } from '../progress.ts';

export const buildRestore: Build = (command, context) => {
  describe(command.argument('<folder>', 'what `ripen backup` has made'), 'RIPEN_HOME=./restored ripen restore ../flights-backup').action(
    async (folder: string, options: Given) => {
      const { settings } = loadConfig(context);
      const { migrations } = await context.composition();
      const source = resolve(context.directory, folder);
      const progress = createProgress(options.json === true ? context.err : context.out);
      const manifest = await progress.task(`Restore into ${settings.home}`, (task) =>
        restoreBackup(source, { settings, migrations }, ({ stage, ...state }) => task.update({ ...state, note: stage })),
      );
      const { events, files, createdAt } = manifest;
      print(context, options, { home: settings.home, events, files: files.length, madeAt: createdAt }, () =>
        [
          `${settings.home} is as it was on ${new Date(createdAt).toISOString()}: ${events.size} events, root ${events.root}, verified.`,
          `Start it with \`RIPEN_HOME=${settings.home} ripen up\`.`,
        ].join('\n'),
      );
    },
  );
};
