/** Lets one piece of work a key run at a time, in the order of asking. */
export function createTurns() {
  const last = new Map<string, Promise<unknown>>();
  return async function take<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = last.get(key);
    // The failure of the work before is its caller's, not ours.
    const mine = (before ?? Promise.resolve()).then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  };
}
