import { curveBasis, line } from 'd3-shape';
import { type KeyboardEvent, useId, useMemo, useRef } from 'react';
import { classNames } from '../ui/class-names.ts';
import { type State, StateMark } from '../ui/state-mark.tsx';
import { VisuallyHidden } from '../ui/visually-hidden.tsx';
import { ChartFrame } from './chart-frame.tsx';
import { type GraphEdge, type GraphLayout, neighbour, type PlacedNode, prepareGraph } from './graph-data.ts';
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

/** Steps or lineage as layers. Each node is a button; arrow keys go to the nearest node in their direction. */
export function Graph({ title, nodes, edges, direction = 'across', selected, onSelect }: GraphProps) {
  const prepared = useMemo(() => prepareGraph(nodes.map(sized), edges, direction), [nodes, edges, direction]);
  return (
    <ChartFrame title={title} prepared={prepared}>
      {(layout) => <Drawing layout={layout} selected={selected} onSelect={onSelect} />}
    </ChartFrame>
  );
}

type Sized = ReturnType<typeof sized>;

interface DrawingProps {
  readonly layout: GraphLayout<Sized>;
  readonly selected: string | undefined;
  readonly onSelect: ((id: string) => void) | undefined;
}

const path = line<{ readonly x: number; readonly y: number }>(
  (point) => point.x,
  (point) => point.y,
).curve(curveBasis);

function Drawing({ layout, selected, onSelect }: DrawingProps) {
  const root = useRef<HTMLDivElement>(null);
  const arrow = useId();
  const names = new Map(layout.nodes.map((node) => [node.id, node.label]));

  function move(event: KeyboardEvent, id: string): void {
    const to = neighbour(layout.nodes, id, event.key);
    if (to === undefined) return;
    event.preventDefault();
    root.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(to)}"]`)?.focus();
  }

  return (
    <div className={styles['scroller']}>
      <div ref={root} className={styles['graph']} style={{ width: layout.width, height: layout.height }}>
        <svg width={layout.width} height={layout.height} aria-hidden className={styles['edges']}>
          <defs>
            <marker
              id={arrow}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path d="M0 .500 8 4 0 7.500z" className={styles['arrow']} />
            </marker>
          </defs>
          {layout.edges.map((edge, index) => (
            <path
              key={index}
              d={path(edge.points) ?? ''}
              markerEnd={`url(#${arrow})`}
              className={classNames(styles['edge'], (edge.from === selected || edge.to === selected) && styles['near'])}
            />
          ))}
        </svg>
        {layout.nodes.map((node) => (
          <NodeBox
            key={node.id}
            node={node}
            leadsTo={layout.edges.flatMap((edge) => (edge.from === node.id ? [names.get(edge.to) ?? edge.to] : []))}
            isSelected={onSelect === undefined ? undefined : node.id === selected}
            onSelect={() => onSelect?.(node.id)}
            onKeyDown={(event) => move(event, node.id)}
          />
        ))}
      </div>
    </div>
  );
}

interface NodeBoxProps {
  readonly node: PlacedNode<Sized>;
  readonly leadsTo: readonly string[];
  readonly isSelected: boolean | undefined;
  readonly onSelect: () => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
}

function NodeBox({ node, leadsTo, isSelected, onSelect, onKeyDown }: NodeBoxProps) {
  return (
    <button
      type="button"
      data-node={node.id}
      className={classNames(styles['node'], isSelected === true && styles['selected'])}
      style={{ left: node.x - node.width / 2, top: node.y - node.height / 2, width: node.width, height: node.height }}
      aria-pressed={isSelected}
      onClick={onSelect}
      onKeyDown={onKeyDown}
    >
      {node.state !== undefined && <StateMark state={node.state} word={node.word ?? node.state} wordHidden />}
      <span className={styles['words']}>
        <span className={styles['label']}>{node.label}</span>
        {node.detail !== undefined && <span className={styles['detail']}>{node.detail}</span>}
      </span>
      {leadsTo.length > 0 && <VisuallyHidden>, leads to {leadsTo.join(' and ')}</VisuallyHidden>}
    </button>
  );
}

// Wide enough for its words in the text font, without measuring.
function sized(node: GraphItem) {
  const letters = Math.max(node.label.length, (node.detail?.length ?? 0) * 0.92);
  const width = Math.min(Math.max(Math.ceil(letters * 7.2) + (node.state === undefined ? 28 : 50), 96), 260);
  return { ...node, width, height: node.detail === undefined ? 34 : 48 };
}
