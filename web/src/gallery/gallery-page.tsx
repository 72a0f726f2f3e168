import { useState } from 'react';
import { PageHeader } from '../ui/page-header.tsx';
import { Courses, Curves, Distributions } from './charts.tsx';
import { Conditions, Controls, Marks, Values } from './controls.tsx';
import { Lists, Texts } from './lists.tsx';
import styles from './gallery.module.css';

/** Every component and chart with invented figures: to look at, and for the browser test. */
export function GalleryPage() {
  const [now] = useState(() => Date.now());
  return (
    <div className={styles['gallery']}>
      <PageHeader title="Components" description="Every component and chart of Ripen’s pages with invented figures." />
      <Marks />
      <Controls />
      <Values now={now} />
      <Lists now={now} />
      <Curves now={now} />
      <Distributions />
      <Courses now={now} />
      <Texts />
      <Conditions />
    </div>
  );
}
