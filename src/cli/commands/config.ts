import { loadConfig } from '#kernel/config/index.ts';
import { type Build, describe, type Given } from '../command.ts';
import { printTable } from '../output.ts';

export const buildConfig: Build = (command, context) => {
  describe(command, 'RIPEN_PORT=8080 ripen config').action((options: Given) => {
    const { effective } = loadConfig(context);
    printTable(context, options, {
      value: effective.map(({ key, shown, origin, environment, description }) => ({ key, value: shown, origin, environment, description })),
      rows: effective,
      columns: [
        { title: 'Setting', value: ({ key }) => key },
        { title: 'Value', value: ({ shown }) => (shown === '' ? undefined : shown) },
        { title: 'From', value: ({ origin }) => origin },
        { title: 'Variable', value: ({ environment }) => environment },
        { title: 'What it is', value: ({ description }) => description },
      ],
      empty: '',
    });
  });
};
