interface Page<Item> {
  readonly items: readonly Item[];
  readonly next?: string | undefined;
}

/** Items of a list over all its pages; a page is asked for when its first item is. */
export interface Items<Item> extends AsyncIterable<Item> {
  /** The first `most` items; all of them unless said. */
  toArray(most?: number): Promise<Item[]>;
  first(): Promise<Item | undefined>;
}

export function pagesOf<Item>(ask: (after: string | undefined) => Promise<Page<Item>>): Items<Item> {
  return pagesAs(ask, (item) => item);
}

/** Each item as `read` makes it. */
export function pagesAs<Wire, Item>(ask: (after: string | undefined) => Promise<Page<Wire>>, read: (item: Wire) => Item): Items<Item> {
  async function* items(): AsyncGenerator<Item> {
    let after: string | undefined;
    do {
      const page = await ask(after);
      for (const item of page.items) yield read(item);
      after = page.next;
    } while (after !== undefined);
  }
  async function toArray(most = Infinity): Promise<Item[]> {
    const found: Item[] = [];
    if (most <= 0) return found;
    for await (const item of items()) {
      found.push(item);
      if (found.length >= most) break;
    }
    return found;
  }
  return { [Symbol.asyncIterator]: items, toArray, first: async () => (await toArray(1))[0] };
}
