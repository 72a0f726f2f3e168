export interface ExitWithParentOptions {
  /** Runs before the exit, for at most `limitMs`. */
  readonly cleanUp?: () => Promise<void> | void;
  /** Default 5 000. */
  readonly limitMs?: number;
}

/**
 * For a Node child started by `spawnService`: ends this process when the parent is gone, told by the end of stdin or of the
 * message channel. Does not keep the process alive by itself.
 */
export function exitWithParent(options: ExitWithParentOptions = {}): void {
  let leaving = false;
  const leave = async (): Promise<void> => {
    if (leaving) return;
    leaving = true;
    setTimeout(() => process.exit(1), options.limitMs ?? 5000).unref();
    try {
      await options.cleanUp?.();
      process.exit(0);
    } catch (error) {
      process.stderr.write(`Cleaning up after the end of the parent failed: ${String(error)}\n`);
      process.exit(1);
    }
  };
  const onEnd = (): void => void leave();
  // Nobody reads our output any more; failing to write it must not cut the clean-up short.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', onEnd);
  process.stdin.once('end', onEnd).once('error', onEnd).resume();
  if ('unref' in process.stdin) process.stdin.unref();
  process.once('disconnect', onEnd);
  process.channel?.unref();
}
