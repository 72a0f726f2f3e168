import { Download } from 'lucide-react';
import { address, pathOf } from '../../api/client.ts';
import { Button } from '../../ui/button.tsx';
import { MenuButton } from '../../ui/menu-button.tsx';
import type { MenuItem } from '../../ui/menu.tsx';
import { notify } from '../../ui/toast-notes.ts';
import { type RunSearch, searchWords } from '../runs-api.ts';

interface ExportMenuProps {
  readonly project: string;
  readonly search: RunSearch;
  /** Ids of the columns in sight. */
  readonly columns: readonly string[];
}

/** Every run that fits as a file, not only the rows in sight. */
export function ExportMenu({ project, search, columns }: ExportMenuProps) {
  const item = (format: 'csv' | 'parquet', all: boolean): MenuItem => ({
    id: `${format} ${all}`,
    label: `${format === 'csv' ? 'CSV' : 'Parquet'}, ${all ? 'every column' : 'these columns'}`,
    onSelect: () =>
      save(address(pathOf`/projects/${project}/run-export`, { ...searchWords(search), format, column: all ? undefined : columns })),
  });
  const command: MenuItem = {
    id: 'command',
    label: 'Copy the command',
    onSelect: () => {
      const text = commandOf(project, search, columns);
      void navigator.clipboard.writeText(text).then(
        () => notify('ok', 'Command copied', text),
        () => notify('warning', 'The browser did not allow copying', text),
      );
    },
  };
  return (
    <MenuButton
      align="end"
      trigger={<Button icon={<Download size={14} aria-hidden />}>Export</Button>}
      groups={[[item('csv', false), item('parquet', false)], [item('csv', true), item('parquet', true)], [command]]}
    />
  );
}

/** The browser saves what the address gives; the page stays. */
export function save(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = '';
  link.click();
}

function commandOf(project: string, { filter, order, experiment, lifecycle }: RunSearch, columns: readonly string[]): string {
  const options = Object.entries({ filter, order, experiment }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name} ${shellWord(value)}`],
  );
  return [
    'ripen runs export runs.parquet',
    ...options,
    ...(lifecycle === 'deleted' ? ['--deleted'] : []),
    `--column ${columns.map(shellWord).join(' ')}`,
    `--project ${project}`,
  ].join(' ');
}

function shellWord(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
