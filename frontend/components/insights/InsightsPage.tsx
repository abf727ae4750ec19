'use client';

import { useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { Allowed, usePerson } from '@/components/dashboard/Gate';
import { Title } from '@/components/dashboard/Title';
import { Failure } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { all, allChanges, countStates, perDay, usagePerDay, waitingGroups } from '@/lib/insights';
import { waiting } from '@/lib/time';
import { texts } from '@/texts/dashboard';
import styles from './Insights.module.css';

// The chart library is loaded by this page alone.
const Chart = dynamic(() => import('./Chart').then((module) => module.Chart), {
  ssr: false,
  loading: () => <div className="skeleton" style={{ height: '15rem' }} />,
});

const say = texts.insights;
const DAYS = 28;

export function InsightsPage() {
  const { can } = usePerson();
  return (
    <Allowed to="product:view">
      <Title>{say.title}</Title>
      <div className={styles.grid}>
        {can('product:approve') && <Waiting />}
        <States />
        <Published />
        {can('usage:view') && <Usage />}
      </div>
    </Allowed>
  );
}

function Waiting() {
  const found = useQuery({
    queryKey: ['insights', 'waiting'],
    queryFn: ({ signal }) => all((cursor) => api.approvals(cursor, signal)),
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const rows = found.data ?? [];
  const groups = waitingGroups(rows);
  return (
    <Panel title={say.waiting} note={rows[0] ? say.oldest(waiting(rows[0].submitted_at)) : say.nothingWaits} ready={found.isSuccess}>
      <Chart label={say.waiting} rows={groups.map((count, at) => ({ name: say.waitingBuckets[at]!, [say.count]: count }))} series={[{ name: say.count, color: 'var(--brand)' }]} />
    </Panel>
  );
}

function States() {
  const found = useQuery({
    queryKey: ['insights', 'states'],
    queryFn: ({ signal }) => all((cursor) => api.products({}, cursor, signal)),
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const counts = countStates(found.data ?? []);
  const rows = Object.entries(counts).map(([status, count]) => ({
    name: texts.status[status as keyof typeof counts],
    [say.count]: count,
  }));
  return (
    <Panel title={say.states} ready={found.isSuccess}>
      <Chart label={say.states} rows={rows} series={[{ name: say.count, color: 'var(--sky)' }]} />
    </Panel>
  );
}

function Published() {
  const found = useQuery({ queryKey: ['insights', 'changes'], queryFn: ({ signal }) => allChanges(signal) });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const rows = perDay(found.data ?? [], DAYS).map(({ day, upserts, deletes }) => ({
    name: day.slice(5),
    [say.upserts]: upserts,
    [say.deletes]: deletes,
  }));
  return (
    <Panel title={say.published} note={say.publishedText} ready={found.isSuccess} wide>
      <Chart
       
        stacked
        label={say.published}
        rows={rows}
        series={[
          { name: say.upserts, color: 'var(--brand)' },
          { name: say.deletes, color: 'var(--gold)' },
        ]}
      />
    </Panel>
  );
}

function Usage() {
  const found = useQuery({
    queryKey: ['insights', 'usage'],
    queryFn: ({ signal }) => all((cursor) => api.chatUsage(cursor, signal)),
  });
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />;
  const rows = usagePerDay(found.data ?? [], DAYS).map(({ day, builtin, model }) => ({
    name: day.slice(5),
    [say.modes.builtin]: builtin,
    [say.modes.model]: model,
  }));
  return (
    <Panel title={say.usage} note={say.usageText} ready={found.isSuccess} wide>
      <Chart
        stacked
        label={say.usage}
        rows={rows}
        series={[
          { name: say.modes.builtin, color: 'var(--brand)' },
          { name: say.modes.model, color: 'var(--sky)' },
        ]}
      />
    </Panel>
  );
}

interface PanelProps {
  title: string;
  note?: string;
  ready: boolean;
  wide?: boolean;
  children: React.ReactNode;
}

function Panel({ title, note, ready, wide, children }: PanelProps) {
  return (
    <section className={styles.panel} data-wide={wide || undefined}>
      <h2>{title}</h2>
      {note && <p>{note}</p>}
      {ready ? children : <div className="skeleton" style={{ height: '15rem' }} />}
    </section>
  );
}
