'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import * as api from '@/lib/api';
import { durationTicks } from '@/lib/ticks';
import { duration, shortDay } from '@/lib/time';
import type { DecisionDay, Statistics } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './Insights.module.css';
import { Panel } from './Panel';

const say = texts.insights;

/** What is counted of a day, in the order in which it is stacked. */
const KINDS: [keyof DecisionDay & keyof typeof say.kinds, string][] = [
  ['approved', 'var(--brand)'],
  ['rejected', 'var(--brick)'],
  ['published_without_review', 'var(--sky)'],
  ['withdrawn', 'var(--line-strong)'],
  ['unpublished', 'var(--amber)'],
];

/** How reviewing goes in the business. */
export function Decisions({ days }: { days: number }) {
  const found = useQuery({
    queryKey: ['insights', 'decisions', days],
    queryFn: ({ signal }) => api.statistics(days, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const figures = found.data;
  return (
    <>
      {figures && <Key figures={figures} />}
      <Panel
        title={say.waiting}
        note={figures && (figures.waiting.oldest_seconds === null ? undefined : say.oldest(duration(figures.waiting.oldest_seconds)))}
        found={found}
        empty={say.nothingWaits}
        chart={figures ? waitingChart(figures) : null}
      />
      <Panel title={say.states} found={found} empty={texts.products.empty.title} chart={figures ? statesChart(figures) : null} />
      <Panel wide title={say.decisions} note={say.decisionsText} found={found} empty={say.noDecisions} chart={figures ? dayChart(figures) : null} />
      <Panel wide title={say.pace} note={say.paceText} found={found} empty={say.noDecisions} chart={figures ? paceChart(figures) : null} />
    </>
  );
}

function Key({ figures }: { figures: Statistics }) {
  const sum = (kind: 'approved' | 'rejected') => figures.days.reduce((total, day) => total + day[kind], 0);
  const time = (seconds: number | null) => (seconds === null ? '–' : duration(seconds));
  const facts: [string, string][] = [
    [say.waitingNow, String(figures.waiting.count)],
    [say.median, time(figures.median_seconds)],
    [say.p90, time(figures.p90_seconds)],
    [say.decided, say.decidedOf(sum('approved'), sum('rejected'))],
  ];
  return (
    <dl className={styles.key}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function waitingChart({ waiting }: Statistics) {
  const name = (under: number | null, at: number) =>
    under === null ? say.longer(duration(waiting.ages[at - 1]?.under_seconds ?? 0)) : say.under(duration(under));
  return {
    rowsAre: say.waited,
    rows: waiting.ages.map(({ under_seconds, count }, at) => ({ name: name(under_seconds, at), [say.count]: count })),
    series: [{ name: say.count, color: 'var(--brand)' }],
  };
}

function statesChart({ products }: Statistics) {
  return {
    rowsAre: texts.products.columns.status,
    rows: Object.entries(products).map(([status, count]) => ({ name: texts.status[status as keyof typeof products], [say.count]: count })),
    series: [{ name: say.count, color: 'var(--sky)' }],
  };
}

function dayChart({ days }: Statistics) {
  return {
    kind: 'stack' as const,
    rowsAre: say.day,
    rows: days.map((day) => ({ name: shortDay(day.day), ...Object.fromEntries(KINDS.map(([kind]) => [say.kinds[kind], Number(day[kind])])) })),
    series: KINDS.map(([kind, color]) => ({ name: say.kinds[kind], color })),
  };
}

function paceChart({ days }: Statistics) {
  return {
    kind: 'lines' as const,
    rowsAre: say.day,
    say: (seconds: number) => duration(seconds),
    ticks: durationTicks,
    rows: days.map((day) => ({ name: shortDay(day.day), [say.median]: day.median_seconds, [say.p90]: day.p90_seconds })),
    series: [
      { name: say.median, color: 'var(--brand)' },
      { name: say.p90, color: 'var(--amber)' },
    ],
  };
}
