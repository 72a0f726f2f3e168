/** Files of fewer rows are worth joining. */
const smallRows = 100_000;
const mostRows = 1_000_000;
/** Fewer small files than this cost less than joining them. */
const fewest = 32;

/** Neighbours that shall become one file each; none while there are few small files. */
export function groupsToJoin<File extends { readonly rows: number }>(files: readonly File[]): readonly (readonly File[])[] {
  if (files.filter(({ rows }) => rows < smallRows).length < fewest) return [];
  const groups: File[][] = [[]];
  let rows = 0;
  for (const file of files) {
    if (file.rows >= smallRows || rows + file.rows > mostRows) {
      groups.push([]);
      rows = 0;
    }
    if (file.rows >= smallRows) continue;
    groups.at(-1)?.push(file);
    rows += file.rows;
  }
  return groups.filter(({ length }) => length > 1);
}
