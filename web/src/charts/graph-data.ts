import { graphlib, layout } from '@dagrejs/dagre';
import { nothing, type Prepared } from './chart-model.ts';

export interface GraphNode {
  readonly id: string;
  readonly label: string;
  /** Size of its box in px. */
  readonly width: number;
  readonly height: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly label?: string;
}

/** Centre of the box. */
export type PlacedNode<Node extends GraphNode> = Node & { readonly x: number; readonly y: number };

export interface GraphLayout<Node extends GraphNode> {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode<Node>[];
  readonly edges: readonly (GraphEdge & { readonly points: readonly { readonly x: number; readonly y: number }[] })[];
}

/** Places nodes in layers along the edges. Edges to nodes that are not there are left out; cycles are allowed. */
export function layoutGraph<Node extends GraphNode>(
  nodes: readonly Node[],
  edges: readonly GraphEdge[],
  direction: 'across' | 'down',
): GraphLayout<Node> {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({
    rankdir: direction === 'across' ? 'LR' : 'TB',
    nodesep: 16,
    ranksep: direction === 'across' ? 48 : 32,
    marginx: 4,
    marginy: 4,
  });
  for (const node of nodes) graph.setNode(node.id, { width: node.width, height: node.height });
  const known = edges.filter((edge) => graph.hasNode(edge.from) && graph.hasNode(edge.to));
  known.forEach((edge, index) => graph.setEdge(edge.from, edge.to, {}, String(index)));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    width,
    height,
    nodes: nodes.map((node) => {
      // The library types what it adds to a label as any.
      const { x, y } = graph.node(node.id) as { readonly x: number; readonly y: number };
      return { ...node, x, y };
    }),
    edges: known.map((edge, index) => {
      const { points } = graph.edge(edge.from, edge.to, String(index)) as {
        readonly points: readonly { readonly x: number; readonly y: number }[];
      };
      return { ...edge, points };
    }),
  };
}

const directions: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowDown: [0, 1],
  ArrowUp: [0, -1],
};

/** The nearest node in the direction of an arrow key; what lies straight ahead counts as nearer than what lies aside. */
export function neighbour(nodes: readonly PlacedNode<GraphNode>[], from: string, key: string): string | undefined {
  const start = nodes.find((node) => node.id === from);
  const direction = directions[key];
  if (start === undefined || direction === undefined) return undefined;
  const ahead = nodes.flatMap((node) => {
    const along = (node.x - start.x) * direction[0] + (node.y - start.y) * direction[1];
    const aside = Math.abs((node.x - start.x) * direction[1]) + Math.abs((node.y - start.y) * direction[0]);
    return along > 1 ? [{ id: node.id, distance: along + aside * 2 }] : [];
  });
  return ahead.toSorted((a, b) => a.distance - b.distance)[0]?.id;
}

export interface DescribedNode extends GraphNode {
  readonly detail?: string;
  readonly word?: string;
}

/** A layout to draw, and the same as a table: each node, its state and what it leads to. */
export function prepareGraph<Node extends DescribedNode>(
  nodes: readonly Node[],
  edges: readonly GraphEdge[],
  direction: 'across' | 'down',
): Prepared<GraphLayout<Node>> {
  if (nodes.length === 0) return nothing('There is nothing to connect yet', 'A graph appears with the first step.');
  const names = new Map(nodes.map((node) => [node.id, node.label]));
  const drawing = layoutGraph(nodes, edges, direction);
  const leads = (id: string) => drawing.edges.flatMap((edge) => (edge.from === id ? [names.get(edge.to) ?? edge.to] : []));
  const missing = edges.length - drawing.edges.length;
  return {
    kind: 'drawing',
    drawing,
    notes: missing > 0 ? [`${missing} of ${edges.length} edges lead to something that is not shown`] : [],
    table: {
      columns: ['Name', 'State', 'Detail', 'Leads to'].map((name) => ({ name, numeric: false })),
      rows: nodes.map((node) => [node.label, node.word ?? null, node.detail ?? null, leads(node.id).join(', ') || null]),
    },
  };
}
