import { useQuery } from '@tanstack/react-query';
import type { CardWire } from '#registry/wire.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Markdown } from '../ui/markdown.tsx';
import { Panel } from '../ui/page-header.tsx';
import { QueryView } from '../ui/query-view.tsx';
import { StateMark } from '../ui/state-mark.tsx';
import { cardQuery, type VersionAddress } from './model-queries.ts';
import styles from './models.module.css';

/** The document of a version, and which of its required sections say something. */
export function Card({ of }: { readonly of: VersionAddress }) {
  const card = useQuery(cardQuery(of));
  return (
    <QueryView query={card} failure="The card could not be read">
      {(data) => (
        <div className={styles['card']}>
          {data.text === undefined ? (
            <EmptyState title="No card yet">
              Let the pipeline register a card.md with the model: intended use, data, metrics, limits. A version without one is not
              documented.
            </EmptyState>
          ) : (
            <Panel>
              <Markdown text={data.text} />
            </Panel>
          )}
          <Sections card={data} />
        </div>
      )}
    </QueryView>
  );
}

function Sections({ card }: { readonly card: CardWire }) {
  return (
    <aside aria-label="Required sections" className={styles['sections']}>
      <h2>
        {card.filledFields} of {card.requiredFields} required sections
      </h2>
      <ul>
        {card.sections.map(({ name, filled, problem }) => (
          <li key={name}>
            <StateMark state={filled ? 'ok' : 'unknown'} word={problem === undefined ? name : `${name}: ${problem}`} />
          </li>
        ))}
      </ul>
    </aside>
  );
}
