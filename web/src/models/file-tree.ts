export interface TreeFile {
  readonly name: string;
  readonly size: number;
}

export interface TreeRow {
  /** Whole path; a folder ends in a slash. */
  readonly path: string;
  /** Last part of the path. */
  readonly label: string;
  readonly depth: number;
  /** Undefined for a folder. */
  readonly file: TreeFile | undefined;
}

/** Files as the rows of a tree: folders first, each before what it holds, names as people read them. */
export function treeRows(files: readonly TreeFile[]): TreeRow[] {
  return rowsBelow(
    files.map((file) => ({ file, parts: file.name.split('/') })),
    { depth: 0, path: '' },
  );
}

interface Entry {
  readonly file: TreeFile;
  readonly parts: readonly string[];
}

const words = new Intl.Collator('en', { numeric: true });

function rowsBelow(entries: readonly Entry[], { depth, path }: { depth: number; path: string }): TreeRow[] {
  const folders = Map.groupBy(
    entries.filter(({ parts }) => parts.length > depth + 1),
    ({ parts }) => parts[depth] ?? '',
  );
  const files = entries.filter(({ parts }) => parts.length === depth + 1);
  return [
    ...[...folders]
      .toSorted(([a], [b]) => words.compare(a, b))
      .flatMap(([label, inside]) => {
        const folder = `${path}${label}/`;
        return [{ path: folder, label: `${label}/`, depth, file: undefined }, ...rowsBelow(inside, { depth: depth + 1, path: folder })];
      }),
    ...files
      .toSorted((a, b) => words.compare(a.parts[depth] ?? '', b.parts[depth] ?? ''))
      .map(({ file, parts }) => ({ path: file.name, label: parts[depth] ?? '', depth, file })),
  ];
}
