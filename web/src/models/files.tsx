import { Download } from 'lucide-react';
import type { ModelVersionWire } from '#registry/wire.ts';
import { useMemo } from 'react';
import { address } from '../api/client.ts';
import linkStyles from '../ui/link.module.css';
import type { Column } from '../ui/table-columns.ts';
import { Table } from '../ui/table.tsx';
import { Bytes, Digest } from '../ui/values.tsx';
import { filePath, type VersionAddress } from './model-queries.ts';
import styles from './models.module.css';
import { SignedFiles } from './signed-files.tsx';

type File = ModelVersionWire['files'][number];

/** The files of a version, each known by its digest. */
export function Files({ of, version }: { readonly of: VersionAddress; readonly version: ModelVersionWire }) {
  const columns = useMemo(() => columnsOf(of), [of]);
  return (
    <>
      <SignedFiles of={of} />
      <Table label="Files" columns={columns} rows={version.files} rowKey={({ name }) => name} tools={false} empty={<p>No files.</p>} />
    </>
  );
}

function columnsOf(of: VersionAddress): readonly Column<File>[] {
  return [
    { id: 'name', header: 'File', value: ({ name }) => name, grow: true, width: 180 },
    { id: 'size', header: 'Size', value: ({ size }) => size, cell: ({ size }) => <Bytes bytes={size} />, numeric: true, width: 96 },
    { id: 'digest', header: 'Digest', value: ({ digest }) => digest, cell: ({ digest }) => <Digest digest={digest} />, width: 160 },
    {
      id: 'download',
      header: 'Download',
      value: () => undefined,
      cell: ({ name }) => (
        <a className={linkStyles['link']} href={address(filePath(of, name), { download: true })} download={name}>
          <span className={styles['marks']}>
            <Download size={13} aria-hidden /> <span className={styles['file']}>{name}</span>
          </span>
        </a>
      ),
      sortable: false,
      width: 220,
    },
  ];
}
