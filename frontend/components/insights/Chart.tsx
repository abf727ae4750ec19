'use client';

import '@mantine/charts/styles.css';
import { BarChart } from '@mantine/charts';
import { Table } from '@mantine/core';
import { texts } from '@/texts/dashboard';
import styles from './Insights.module.css';

interface Props {
  label: string;
  rows: Record<string, string | number>[];
  series: { name: string; color: string }[];
  stacked?: boolean;
}

/** A chart, and the same figures as a table for those who cannot see it. */
export function Chart({ label, rows, series, stacked }: Props) {
  return (
    <>
      <div role="img" aria-label={label}>
        <BarChart
          h={240}
          data={rows}
          dataKey="name"
          series={series}
          type={stacked ? 'stacked' : 'default'}
          withLegend={series.length > 1}
          legendProps={{ verticalAlign: 'bottom' }}
          gridAxis="x"
          tickLine="none"
          yAxisProps={{ allowDecimals: false, width: 32 }}
          barProps={{ radius: 4, isAnimationActive: false, maxBarSize: 56 }}
        />
      </div>
      <details className={styles.figures}>
        <summary>{texts.insights.table}</summary>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{label}</Table.Th>
              {series.map(({ name }) => (
                <Table.Th key={name}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={String(row['name'])}>
                <Table.Td>{row['name']}</Table.Td>
                {series.map(({ name }) => (
                  <Table.Td key={name}>{row[name]}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </details>
    </>
  );
}
