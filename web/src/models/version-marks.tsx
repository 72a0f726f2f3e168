import type { ModelVersionWire } from '#registry/wire.ts';
import { Badge } from '../ui/badge.tsx';
import styles from './models.module.css';

/** The names under which a version stands, and whether it was archived. */
export function VersionMarks({ version: { aliases, state } }: { readonly version: Pick<ModelVersionWire, 'aliases' | 'state'> }) {
  return (
    <span className={styles['marks']}>
      {aliases.map((alias) => (
        <Badge key={alias} tone={alias === 'production' ? 'accent' : 'neutral'}>
          {alias}
        </Badge>
      ))}
      {state === 'archived' && <Badge tone="outline">archived</Badge>}
    </span>
  );
}
