import type { ServerResponse } from 'node:http';

/** Memory for request bodies, shared by all callers of a server, so that many large ones at once cannot fill it. */
export interface BodyRoom {
  /** Counts one body from here to the end of its answer. */
  enter(outgoing: ServerResponse): BodyPlace;
}

export interface BodyPlace {
  /** False when there is no room for so many bytes more. */
  take(bytes: number): boolean;
  /** Gives back what was taken. */
  leave(): void;
}

/** Room for several of the largest bodies, and for very many usual ones. */
const mostBytes = 256 * 1024 * 1024;

export function createBodyRoom(most: number = mostBytes): BodyRoom {
  let used = 0;
  return {
    enter(outgoing) {
      let taken = 0;
      const leave = (): void => {
        used -= taken;
        taken = 0;
      };
      outgoing.once('close', leave);
      return {
        take(bytes) {
          if (used + bytes > most) return false;
          used += bytes;
          taken += bytes;
          return true;
        },
        leave,
      };
    },
  };
}
