import type { ModelDirectoryWire, ModelVersionWire } from '#registry/wire.ts';
import { File, Folder } from 'lucide-react';
import { address } from '../api/client.ts';
import linkStyles from '../ui/link.module.css';
import { Bytes } from '../ui/values.tsx';
import { treeRows } from './file-tree.ts';
import styles from './model-directory.module.css';
import { filePath, type VersionAddress } from './model-queries.ts';

interface DirectoryFilesProps {
  readonly of: VersionAddress;
  readonly version: ModelVersionWire;
  readonly directory: ModelDirectoryWire;
}

/** The files of the directory as a tree, each with what it is there for. */
export function DirectoryFiles({ of, version, directory }: DirectoryFilesProps) {
  const roles = rolesOf(directory);
  return (
    <ul className={styles['tree']} aria-label="Files of the model directory">
      {treeRows(version.files).map(({ path, label, depth, file }) => (
        <li key={path} className={styles['entry']} style={{ paddingInlineStart: 4 + depth * 18 }}>
          {file === undefined ? <Folder size={13} aria-hidden /> : <File size={13} aria-hidden />}
          {file === undefined ? (
            <span>{label}</span>
          ) : (
            <a className={linkStyles['link']} href={address(filePath(of, file.name), { download: true })} download={label}>
              {label}
            </a>
          )}
          <span className={styles['role']}>{roles.get(path.replace(/\/$/, '')) ?? ''}</span>
          {file !== undefined && <Bytes bytes={file.size} />}
        </li>
      ))}
    </ul>
  );
}

/** By path within the version. */
function rolesOf(directory: ModelDirectoryWire): ReadonlyMap<string, string> {
  const { folder, flavors, environment, inputExample, pythonFunction } = directory;
  const within = (path: string) => (folder === '' ? '' : `${folder}/`) + path.replace(/^\.\//, '').replace(/\/$/, '');
  const users = new Map<string, string[]>();
  for (const { name, paths } of flavors) for (const path of paths) users.set(within(path), [...(users.get(within(path)) ?? []), name]);
  const named = [...users].map(([path, names]) => [path, `of ${names.join(', ')}`] as const);
  return new Map([
    [within('MLmodel'), 'describes the model'],
    ...named,
    ...(pythonFunction?.codePath === undefined ? [] : [[within(pythonFunction.codePath), 'code'] as const]),
    ...environment.files.map(({ kind, file }) => [within(file), kind === 'requirements' ? 'packages' : `${kind} environment`] as const),
    ...(inputExample === undefined ? [] : [[within(inputExample.file), 'input example'] as const]),
    ...(inputExample?.servingFile === undefined ? [] : [[within(inputExample.servingFile), 'example request'] as const]),
  ]);
}
