import type { Method } from './endpoint.ts';

interface Routed {
  readonly method: Method;
  readonly path: string;
}

interface Node<Route> {
  readonly routes: Map<string, Route>;
  readonly children: Map<string, Node<Route>>;
  /** Any one segment. */
  wildcard?: { readonly name: string; readonly node: Node<Route> };
  /** All segments that follow. */
  rest?: { readonly name: string; readonly routes: Map<string, Route> };
}

/** Finds the route of a path: a fixed segment wins over a name, a name over the rest. */
export interface RouteTable<Route> {
  find(method: string, path: string): { readonly route: Route; readonly params: Record<string, string> } | undefined;
  /** The methods that a path takes; none when there is no such path. */
  methods(path: string): readonly string[];
}

const none: Record<string, string> = Object.freeze({});

export function createRouteTable<Route extends Routed>(routes: readonly Route[]): RouteTable<Route> {
  const root = emptyNode<Route>();
  const plain = new Map<string, { readonly route: Route; readonly params: Record<string, string> }>();
  for (const route of routes) {
    add(root, route);
    if (!route.path.includes('{')) plain.set(`${route.method.toUpperCase()} ${route.path}`, { route, params: none });
  }
  const walk = (path: string, method: string | undefined) => match(root, path.split('/').slice(1), { method, at: 0, params: {} });
  return {
    find(method, path) {
      const fixed = plain.get(`${method} ${path}`);
      if (fixed !== undefined) return fixed;
      const found = walk(path, method);
      const route = found?.routes.get(method);
      return found === undefined || route === undefined ? undefined : { route, params: found.params };
    },
    methods: (path) => [...(walk(path, undefined)?.routes.keys() ?? [])],
  };
}

function emptyNode<Route>(): Node<Route> {
  return { routes: new Map(), children: new Map() };
}

function add<Route extends Routed>(root: Node<Route>, route: Route): void {
  const method = route.method.toUpperCase();
  let node = root;
  for (const segment of route.path.split('/').slice(1)) {
    const [, name, star] = /^\{(\w+)(\*?)\}$/.exec(segment) ?? [];
    if (name !== undefined && star === '*') {
      node.rest ??= { name, routes: new Map() };
      node.rest.routes.set(method, route);
      return;
    }
    if (name === undefined) {
      const child = node.children.get(segment) ?? emptyNode<Route>();
      node.children.set(segment, child);
      node = child;
    } else {
      node.wildcard ??= { name, node: emptyNode() };
      if (node.wildcard.name !== name) throw new Error(`${route.path} calls {${name}} what another route calls {${node.wildcard.name}}`);
      node = node.wildcard.node;
    }
  }
  if (node.routes.has(method)) throw new Error(`Two routes for ${method} ${route.path}`);
  node.routes.set(method, route);
}

interface Walk {
  readonly method: string | undefined;
  readonly at: number;
  readonly params: Record<string, string>;
}

type Match<Route> = { readonly routes: Map<string, Route>; readonly params: Record<string, string> } | undefined;

function match<Route>(node: Node<Route>, segments: readonly string[], walk: Walk): Match<Route> {
  const { method, at, params } = walk;
  const serves = (routes: Map<string, Route>) => (method === undefined ? routes.size > 0 : routes.has(method));
  if (at === segments.length) return serves(node.routes) ? { routes: node.routes, params } : undefined;
  const segment = segments[at] ?? '';
  const child = node.children.get(segment);
  const fixed = child === undefined ? undefined : match(child, segments, { ...walk, at: at + 1 });
  if (fixed !== undefined) return fixed;
  if (node.wildcard !== undefined && segment !== '') {
    const value = decoded(segment);
    const { name } = node.wildcard;
    const named =
      value === undefined ? undefined : match(node.wildcard.node, segments, { method, at: at + 1, params: { ...params, [name]: value } });
    if (named !== undefined) return named;
  }
  if (node.rest === undefined || !serves(node.rest.routes)) return undefined;
  const rest = decoded(segments.slice(at).join('/'));
  return rest === undefined ? undefined : { routes: node.rest.routes, params: { ...params, [node.rest.name]: rest } };
}

/** Undefined for what is no percent-encoding. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
