import type { Method } from './endpoint.ts';

interface Routed {
  readonly method: Method;
  readonly path: string;
}

interface Node<Route> {
  /** By method. */
  readonly routes: Map<string, Named<Route>>;
  readonly children: Map<string, Node<Route>>;
  /** Any one segment. */
  wildcard?: Node<Route>;
  /** All segments that follow, by method. */
  readonly rest: Map<string, Named<Route>>;
}

/** A route and what it calls the parts of the path that vary, in their order. */
interface Named<Route> {
  readonly route: Route;
  readonly names: readonly string[];
}

/** Finds the route of a path: a fixed segment wins over a name, a name over the rest. */
export interface RouteTable<Route> {
  find(method: string, path: string): { readonly route: Route; readonly params: Readonly<Record<string, string>> } | undefined;
  /** The methods that a path takes; none when there is no such path. */
  methods(path: string): readonly string[];
}

export function createRouteTable<Route extends Routed>(routes: readonly Route[]): RouteTable<Route> {
  const root = emptyNode<Route>();
  const fixed = new Map<string, { readonly route: Route; readonly params: Readonly<Record<string, string>> }>();
  for (const route of routes) {
    add(root, route);
    if (!route.path.includes('{')) fixed.set(`${route.method.toUpperCase()} ${route.path}`, { route, params: {} });
  }
  const walk = (path: string, method: string | undefined) => match(root, path.split('/').slice(1), { method, at: 0, values: [] });
  return {
    find(method, path) {
      const known = fixed.get(`${method} ${path}`);
      if (known !== undefined) return known;
      const found = walk(path, method);
      const named = found?.routes.get(method);
      if (found === undefined || named === undefined) return undefined;
      return { route: named.route, params: Object.fromEntries(named.names.map((name, index) => [name, found.values[index] ?? ''])) };
    },
    methods: (path) => [...(walk(path, undefined)?.routes.keys() ?? [])],
  };
}

function emptyNode<Route>(): Node<Route> {
  return { routes: new Map(), children: new Map(), rest: new Map() };
}

function add<Route extends Routed>(root: Node<Route>, route: Route): void {
  const names: string[] = [];
  let node = root;
  for (const segment of route.path.split('/').slice(1)) {
    const [, name, star] = /^\{(\w+)(\*?)\}$/.exec(segment) ?? [];
    if (name !== undefined) names.push(name);
    if (star === '*') {
      keep(node.rest, { route, names });
      return;
    }
    node = name === undefined ? childOf(node, segment) : (node.wildcard ??= emptyNode());
  }
  keep(node.routes, { route, names });
}

function childOf<Route>(node: Node<Route>, segment: string): Node<Route> {
  const child = node.children.get(segment) ?? emptyNode<Route>();
  node.children.set(segment, child);
  return child;
}

function keep<Route extends Routed>(routes: Map<string, Named<Route>>, named: Named<Route>): void {
  const method = named.route.method.toUpperCase();
  if (routes.has(method)) throw new Error(`Two routes for ${method} ${named.route.path}`);
  routes.set(method, named);
}

interface Walk {
  /** Undefined: any. */
  readonly method: string | undefined;
  readonly at: number;
  readonly values: readonly string[];
}

interface Match<Route> {
  readonly routes: Map<string, Named<Route>>;
  /** What stood for the names, decoded. */
  readonly values: readonly string[];
}

function match<Route>(node: Node<Route>, segments: readonly string[], walk: Walk): Match<Route> | undefined {
  const { method, at, values } = walk;
  const serves = (routes: Map<string, Named<Route>>) => (method === undefined ? routes.size > 0 : routes.has(method));
  if (at === segments.length) return serves(node.routes) ? { routes: node.routes, values } : undefined;
  const segment = segments[at] ?? '';
  const child = node.children.get(segment);
  const fixed = child === undefined ? undefined : match(child, segments, { ...walk, at: at + 1 });
  if (fixed !== undefined) return fixed;
  const value = segment === '' ? undefined : decoded(segment);
  const named =
    node.wildcard === undefined || value === undefined
      ? undefined
      : match(node.wildcard, segments, { method, at: at + 1, values: [...values, value] });
  if (named !== undefined) return named;
  const rest = serves(node.rest) ? decoded(segments.slice(at).join('/')) : undefined;
  return rest === undefined ? undefined : { routes: node.rest, values: [...values, rest] };
}

/** Undefined for what is no percent-encoding. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
