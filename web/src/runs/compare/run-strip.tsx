import { Eye, EyeOff, X } from 'lucide-react';
import { Link } from '../../ui/link.tsx';
import { RunState } from '../run-state.tsx';
import type { ComparedRun } from './compared-runs.ts';
import styles from './compare.module.css';

interface RunStripProps {
  readonly project: string;
  readonly runs: readonly ComparedRun[];
  readonly hidden: ReadonlySet<string>;
  readonly onHide: (hidden: ReadonlySet<string>) => void;
  readonly onDrop: (id: string) => void;
}

/** The runs that are compared, each with its colour; one can be hidden from the charts or taken out. */
export function RunStrip({ project, runs, hidden, onHide, onDrop }: RunStripProps) {
  const toggle = (id: string) => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    onHide(next);
  };
  return (
    <ul className={styles['strip']} aria-label="Compared runs">
      {runs.map(({ run, name, colour }) => (
        <li key={run.id} className={hidden.has(run.id) ? styles['hiddenRun'] : undefined}>
          <span className={styles['swatch']} style={{ background: `var(--series-${(colour % 8) + 1})` }} aria-hidden />
          <Link to="/$project/runs/$run" params={{ project, run: run.id }}>
            {name}
          </Link>
          <RunState run={run} />
          <button
            type="button"
            aria-pressed={hidden.has(run.id)}
            aria-label={`Hide ${name} from the charts`}
            onClick={() => toggle(run.id)}
          >
            {hidden.has(run.id) ? <EyeOff size={13} aria-hidden /> : <Eye size={13} aria-hidden />}
          </button>
          <button type="button" aria-label={`Compare without ${name}`} onClick={() => onDrop(run.id)}>
            <X size={13} aria-hidden />
          </button>
        </li>
      ))}
    </ul>
  );
}
