import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { nearestName } from '#kernel/nearest-name.ts';
import { type Template, templateErrors } from './model.ts';

const declaration = z.object({ name: z.string(), version: z.string(), title: z.string(), description: z.string() });

export interface TemplateLibrary {
  readonly list: () => readonly Template[];
  /** @throws `templates.template-not-found` */
  find(name: string): { readonly template: Template; readonly folder: string };
}

/** The templates in the folders of `directory`. */
export function openLibrary(directory: string): TemplateLibrary {
  const names = () =>
    readdirSync(directory)
      .filter((name) => existsSync(join(directory, name, 'template.yaml')))
      .sort();
  const read = (name: string): Template => {
    const parsed = declaration.safeParse(parse(readFileSync(join(directory, name, 'template.yaml'), 'utf8')));
    if (!parsed.success)
      throw templateErrors['invalid-template']({ template: name, problem: parsed.error.issues.map((issue) => issue.message).join('; ') });
    return parsed.data;
  };
  return {
    list: () => names().map(read),
    find(name) {
      if (!names().includes(name)) throw templateErrors['template-not-found']({ template: name, nearest: nearestName(name, names()) });
      return { template: read(name), folder: join(directory, name) };
    },
  };
}
