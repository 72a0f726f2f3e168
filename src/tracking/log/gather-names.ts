/** Looks names up, adding those that are new; the answer may hold more names than were asked for. */
export type Intern = (names: readonly string[]) => Promise<ReadonlyMap<string, number>>;

/**
 * Calls of one turn of the event loop share one look at the database and one commit: many clients that log new names at the same time
 * wait once. When that fails each call is made by itself, so that no name of one spoils the call of another.
 */
export function gatherNames(intern: Intern): Intern {
  let gathering: { readonly names: Set<string>; readonly found: Promise<ReadonlyMap<string, number>> } | undefined;

  const begin = (): NonNullable<typeof gathering> => {
    const names = new Set<string>();
    const turn = new Promise<void>((resolve) => setImmediate(resolve));
    const found = turn.then(() => {
      gathering = undefined;
      return intern([...names]);
    });
    return { names, found };
  };

  return (names) => {
    gathering ??= begin();
    for (const name of names) gathering.names.add(name);
    return gathering.found.catch(() => intern(names));
  };
}
