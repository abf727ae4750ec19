'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { Failure } from '@/components/ui/Notice';
import type { ChartProps } from './Chart';
import styles from './Insights.module.css';

const Waiting = () => <div className={`skeleton ${styles.waiting}`} aria-busy="true" />;

// The chart library is loaded where there is something to draw.
const Chart = dynamic(() => import('./Chart').then((module) => module.Chart), { ssr: false, loading: Waiting });

/** What a call came to, as far as a panel cares. */
export interface Found {
  isPending: boolean;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

interface Props {
  title: string;
  note?: string;
  found: Found;
  wide?: boolean;
  /** Null until the figures are there. */
  chart: Omit<ChartProps, 'label'> | null;
  /** Said instead of a chart of nothing but zeros. */
  empty?: string;
}

/** One chart with its title, or what keeps it from being there. */
export function Panel({ title, note, found, wide, chart, empty }: Props) {
  const nothing = chart?.rows.every((row) => chart.series.every(({ name }) => row[name] === null || (row[name] === 0 && chart.kind !== 'lines')));
  let body: ReactNode = <Waiting />;
  if (found.isError && !chart) body = <Failure error={found.error} retry={() => void found.refetch()} />;
  else if (chart && nothing && empty) body = <p className={styles.empty}>{empty}</p>;
  else if (chart) body = <Chart label={title} {...chart} />;
  return (
    <section className={styles.panel} data-wide={wide || undefined} aria-label={title}>
      <h2>{title}</h2>
      {note && <p>{note}</p>}
      {body}
    </section>
  );
}
