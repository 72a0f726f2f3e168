import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type LiveState, openLiveStream } from './live.ts';

/** Keeps one event stream open for the project of the page; undefined while no project is chosen. */
export function useLive(project: string | undefined): LiveState | undefined {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>();
  useEffect(() => {
    if (project === undefined) return undefined;
    const stream = openLiveStream(project, queries);
    setState(stream.state());
    const unsubscribe = stream.subscribe(() => setState(stream.state()));
    return () => {
      unsubscribe();
      stream.close();
      setState(undefined);
    };
  }, [project, queries]);
  return state;
}
