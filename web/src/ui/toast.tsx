import { lazy, Suspense, useEffect, useState } from 'react';
import { whenFirstNote } from './toast-notes.ts';

const Region = lazy(() => import('./toast-region.tsx').then((module) => ({ default: module.ToastRegion })));

/** Place of the notes; their code is read with the first one. Once on a page. */
export function ToastLayer() {
  const [needed, setNeeded] = useState(false);
  useEffect(() => whenFirstNote(() => setNeeded(true)), []);
  return needed ? (
    <Suspense>
      <Region />
    </Suspense>
  ) : null;
}
