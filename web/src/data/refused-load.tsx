import { Download } from 'lucide-react';
import type { QuarantineWire } from '#data/wire.ts';
import { address, pathOf } from '../api/client.ts';
import buttonStyles from '../ui/button.module.css';
import { classNames } from '../ui/class-names.ts';
import { formatCount, formatShare } from '../ui/format.ts';
import { KeyValues } from '../ui/key-values.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { Bytes, Digest, RelativeTime } from '../ui/values.tsx';
import type { DatasetAddress } from './data-queries.ts';
import styles from './data.module.css';
import { Producer } from './producer.tsx';

/** One refused file: the reason, the rules it broke, rows that break them, and the file itself. */
export function RefusedLoad({ of, load }: { readonly of: DatasetAddress; readonly load: QuarantineWire }) {
  const broken = load.contract?.rules.filter(({ passed }) => !passed) ?? [];
  return (
    <div className={styles['details']}>
      <p>{load.message}</p>
      {broken.length > 0 && (
        <section aria-label="Broken rules">
          <h3>Broken rules</h3>
          <ul className={styles['broken']}>
            {broken.map((rule) => (
              <li key={`${rule.rule} ${rule.column ?? ''}`}>
                <StateMark state="failed" word={rule.column === undefined ? rule.rule : `${rule.column}: ${rule.rule}`} />
                <span className={styles['muted']}>
                  {rule.explanation}
                  {rule.failedRows !== undefined &&
                    ` (${formatCount(rule.failedRows)} rows${rule.share === undefined ? '' : `, ${formatShare(rule.share)}`})`}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      {load.failingRows.length > 0 && <FailingRows rows={load.failingRows} />}
      <KeyValues
        items={[
          { key: 'File', value: load.source.name },
          { key: 'Digest', value: <Digest digest={load.source.digest} /> },
          { key: 'Size', value: <Bytes bytes={load.bytes} /> },
          { key: 'Sent by', value: load.quarantinedBy.name },
          { key: 'Through', value: <Producer project={of.project} snapshot={load} /> },
          { key: 'Refused', value: <RelativeTime time={load.quarantinedAt} /> },
        ]}
      />
      <p>
        <a
          className={classNames(buttonStyles['button'], buttonStyles['default'])}
          href={address(pathOf`/projects/${of.project}/datasets/${of.dataset}/quarantine/${load.id}/file`)}
          download
        >
          <Download size={14} aria-hidden />
          Download the file
        </a>
      </p>
    </div>
  );
}

function FailingRows({ rows }: { readonly rows: QuarantineWire['failingRows'] }) {
  const names = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  return (
    <section aria-label="Sample rows">
      <h3>Sample rows</h3>
      <div className={styles['scroller']} tabIndex={0} role="region" aria-label="Sample rows, scrollable">
        <table className={styles['samples']}>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">Breaks</th>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.row} ${row.rule} ${row.column}`}>
                <td>{formatCount(row.row)}</td>
                <td>{row.rule}</td>
                {names.map((name) =>
                  name === row.column ? (
                    <td key={name} className={styles['wrong']}>
                      <mark>{text(row.values[name])}</mark>
                    </td>
                  ) : (
                    <td key={name}>{text(row.values[name])}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function text(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
