import { curveBasis, line } from 'd3-shape';
import { type KeyboardEvent, useMemo, useRef } from 'react';
import { classNames } from '../ui/class-names.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { type GraphEdge, layoutGraph, neighbour } from './graph-data.ts';
import styles from './graph.module.css';

export interface GraphItem {
  readonly id: string;
  readonly label: string;
  /** Second line: a kind, a duration. */
  readonly detail?: string;
  readonly state?: State;
  readonly word?: string;
}

interface GraphProps {
  readonly title: string;
  readonly nodes: readonly GraphItem[];
  readonly edges: readonly GraphEdge[];
  readonly direction?: 'across' | 'down';
  readonly selected?: string | undefined;
  readonly onSelect?: (id: string) => void;
}

const path = line<{ readonly x: number; readonly y: number }>(
  (point) => point.x,
  (point) => point.y,
).curve(curveBasis);

/** Steps or lineage as layers. Each node is a button; arrow keys go to the nearest node in their direction. */
export function Graph({ title, nodes, edges, direction = 'across', selected, onSelect }: GraphProps) {
  const root = useRef<HTMLDivElement>(null);
  const layout = useMemo(() => layoutGraph(nodes.map(sized), edges, direction), [nodes, edges, direction]);
  if (nodes.length === 0) return <p className={styles['none']}>There is nothing to connect yet: a graph appears with the first step.</p>;

  function move(event: KeyboardEvent, id: string): void {
    const to = neighbour(layout.nodes, id, event.key);
    if (to === undefined) return;
    event.preventDefault();
    root.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(to)}"]`)?.focus();
  }

  return (
    <div className={styles['scroller']} role="group" aria-label={`${title}: ${nodes.length} nodes, ${layout.edges.length} edges`}>
      <div ref={root} className={styles['graph']} style={{ width: layout.width, height: layout.height }}>
        <svg width={layout.width} height={layout.height} aria-hidden className={styles['edges']}>
          <defs>
            <marker id="graph-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
              <path d="M0 .500 8 4 0 7.500z" className={styles['arrow']} />
            </marker>
          </defs>
          {layout.edges.map((edge, index) => (
            <path
              key={index}
              d={path(edge.points) ?? ''}
              markerEnd="url(#graph-arrow)"
              className={classNames(styles['edge'], (edge.from === selected || edge.to === selected) && styles['near'])}
            />
          ))}
        </svg>
        {layout.nodes.map((node) => (
          <button
            key={node.id}
            type="button"
            data-node={node.id}
            className={classNames(styles['node'], node.id === selected && styles['selected'])}
            style={{ left: node.x - node.width / 2, top: node.y - node.height / 2, width: node.width, height: node.height }}
            aria-pressed={onSelect === undefined ? undefined : node.id === selected}
            onClick={() => onSelect?.(node.id)}
            onKeyDown={(event) => move(event, node.id)}
          >
            {node.state !== undefined && <StateMark state={node.state} word={node.word ?? node.state} wordHidden />}
            <span className={styles['words']}>
              <span className={styles['label']}>{node.label}</span>
              {node.detail !== undefined && <span className={styles['detail']}>{node.detail}</span>}
            </span>
            <VisuallyHidden>{leadsTo(node.id, edges)}</VisuallyHidden>
          </button>
        ))}
      </div>
    </div>
  );
}

function sized(node: GraphItem) {
  const letters = Math.max(node.label.length, (node.detail?.length ?? 0) * 0.92);
  return {
    ...node,
    width: Math.min(Math.max(Math.ceil(letters * 7.2) + (node.state === undefined ? 28 : 50), 96), 260),
    height: node.detail === undefined ? 34 : 48,
  };
}

function leadsTo(id: string, edges: readonly GraphEdge[]): string {
  const next = edges.filter((edge) => edge.from === id).map((edge) => edge.to);
  return next.length === 0 ? '' : `, leads to ${next.join(' and ')}`;
}
