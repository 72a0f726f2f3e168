import { GitCompareArrows, Pin, RotateCcw, Tag, Trash2 } from 'lucide-react';
import { Button } from '../../ui/button.tsx';
import { formatCount } from '../../ui/format.ts';
import styles from '../runs.module.css';

export type BulkAction = 'delete' | 'restore' | 'tag';

interface PickBarProps {
  readonly count: number;
  readonly deleted: boolean;
  readonly onCompare: () => void;
  readonly onPin: () => void;
  readonly onExport: () => void;
  readonly onAct: (action: BulkAction) => void;
  readonly onClear: () => void;
}

/** As many as can be compared. */
export const mostCompared = 100;
const mostPinned = 20;
/** Ids of so many runs fit into the address of a download. */
const mostExported = 150;

/** What can be done with the picked runs. */
export function PickBar({ count, deleted, onCompare, onPin, onExport, onAct, onClear }: PickBarProps) {
  return (
    <div className={styles['pickBar']} role="group" aria-label="Picked runs">
      <strong>{formatCount(count)} picked</strong>
      {!deleted && (
        <Button
          look={count > 1 && count <= mostCompared ? 'primary' : 'default'}
          icon={<GitCompareArrows size={14} aria-hidden />}
          disabled={count < 2 || count > mostCompared}
          onClick={onCompare}
        >
          Compare {formatCount(count)}
        </Button>
      )}
      {!deleted && (
        <Button icon={<Pin size={14} aria-hidden />} disabled={count > mostPinned} onClick={onPin}>
          Pin
        </Button>
      )}
      {!deleted && (
        <Button icon={<Tag size={14} aria-hidden />} onClick={() => onAct('tag')}>
          Tag…
        </Button>
      )}
      <Button disabled={count > mostExported} onClick={onExport}>
        Export CSV
      </Button>
      {deleted ? (
        <Button icon={<RotateCcw size={14} aria-hidden />} onClick={() => onAct('restore')}>
          Restore…
        </Button>
      ) : (
        <Button look="danger" icon={<Trash2 size={14} aria-hidden />} onClick={() => onAct('delete')}>
          Delete…
        </Button>
      )}
      <Button look="plain" onClick={onClear}>
        Clear
      </Button>
    </div>
  );
}
