'use client';

import { SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Allowed, usePerson } from '@/components/dashboard/Gate';
import { Title } from '@/components/dashboard/Title';
import * as api from '@/lib/api';
import { lastDays, usagePerDay } from '@/lib/insights';
import { all } from '@/lib/pages';
import { shortDay } from '@/lib/time';
import { texts } from '@/texts/dashboard';
import { Decisions } from './Decisions';
import styles from './Insights.module.css';
import { Panel } from './Panel';

const say = texts.insights;
const PERIODS = [7, 28, 90];

export function InsightsPage() {
  const { can } = usePerson();
  const [days, setDays] = useState(28);
  // While the figures are on their way.
  useEffect(() => void import('./Chart'), []);
  return (
    <Allowed to={['product:view', 'usage:view']}>
      <Title
        actions={
          <SegmentedControl
            aria-label={say.period}
            value={String(days)}
            onChange={(value) => setDays(Number(value))}
            data={PERIODS.map((count) => ({ value: String(count), label: say.days(count) }))}
          />
        }
      >
        {say.title}
      </Title>
      <div className={styles.grid}>
        {can('product:view') && <Decisions days={days} />}
        {can('usage:view') && <Usage days={days} />}
      </div>
    </Allowed>
  );
}

function Usage({ days }: { days: number }) {
  const { can } = usePerson();
  const calendar = lastDays(days);
  const found = useQuery({
    queryKey: ['insights', 'usage', calendar[0]],
    queryFn: ({ signal }) => all((cursor) => api.chatUsage(calendar[0]!, cursor, signal)),
    placeholderData: keepPreviousData,
  });
  const rows =
    found.data &&
    usagePerDay(found.data, calendar).map(({ day, builtin, model }) => ({
      name: shortDay(day),
      [say.modes.builtin]: builtin,
      [say.modes.model]: model,
    }));
  return (
    <Panel
      wide
      title={say.usage}
      note={can('platform:manage') ? say.usageOfAll : say.usageText}
      found={found}
      empty={say.noQuestions}
      chart={
        rows
          ? {
              kind: 'stack',
              rowsAre: say.day,
              rows,
              series: [
                { name: say.modes.builtin, color: 'var(--brand)' },
                { name: say.modes.model, color: 'var(--sky)' },
              ],
            }
          : null
      }
    />
  );
}
