/** Takes its work and is never heard of again. */
import { exitWithParent } from '#kernel/processes/index.ts';

exitWithParent();
process.channel?.ref();
process.once('message', () => undefined);
process.send?.({ kind: 'ready' });
