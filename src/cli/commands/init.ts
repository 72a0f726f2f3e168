import { basename, resolve } from 'node:path';
import type { ProjectWire } from '#identity/index.ts';
import type { Template } from '#templates/index.ts';
import { connect } from '../client.ts';
import { type Build, describe, type Given } from '../command.ts';
import { print, printTable } from '../output.ts';
import { url } from '../url.ts';

export const buildInit: Build = (command, context) => {
  describe(
    command.argument('[folder]', 'a new or empty folder; default the name of the project'),
    'ripen init flights --template onnx-typescript',
  )
    .option('--template <template>', 'what to start from', 'onnx-typescript')
    .option('--name <name>', 'name of the project; default the name of the folder')
    .option('--title <title>', 'how pages call it')
    .option('--list', 'list the templates')
    .action(async (given: string | undefined, options: Given & { template: string; name?: string; title?: string; list?: boolean }) => {
      const client = connect(context);
      if (options.list === true) {
        const { items } = await client.get<{ items: Template[] }>('/api/v1/templates');
        return printTable(context, options, {
          value: { items },
          rows: items,
          columns: [
            { title: 'Template', value: ({ name }) => name },
            { title: 'Version', value: ({ version }) => version },
            { title: 'Title', value: ({ title }) => title },
            { title: 'What it is', value: ({ description }) => description },
          ],
          empty: 'There are no templates.',
        });
      }
      const path = resolve(context.directory, given ?? options.name ?? '.');
      const name = options.name ?? nameOf(path);
      const project = await client.post<ProjectWire>(url`/api/v1/templates/${options.template}/projects`, {
        name,
        path,
        ...(options.title === undefined ? {} : { title: options.title }),
      });
      return print(context, options, project, () =>
        [`Project ${project.name} is in ${project.path ?? path}.`, `Next: cd ${project.path ?? path} && ripen pipeline list`].join('\n'),
      );
    });
};

/** A folder's name as a project name: `My Flights` becomes `my-flights`. */
function nameOf(path: string): string {
  return basename(path)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '');
}
