'use client';

import '@mantine/charts/styles.layer.css';
import { BarChart, LineChart } from '@mantine/charts';
import { Table } from '@mantine/core';
import { countTicks } from '@/lib/ticks';
import { texts } from '@/texts/dashboard';
import styles from './Insights.module.css';

export interface Series {
  name: string;
  color: string;
}

export interface ChartProps {
  label: string;
  /** What the first column holds. */
  rowsAre: string;
  rows: ({ name: string } & Record<string, string | number | null>)[];
  series: Series[];
  kind?: 'bars' | 'stack' | 'lines';
  /** How a figure is said; as it is where nothing is given. */
  say?: (value: number) => string;
  /** Where the marks of the upright axis stand, given the largest figure; for counts where nothing is given. */
  ticks?: (most: number) => number[];
}

const HEIGHT = 240;
/** So many rows have all their names on the axis. */
const MOST_NAMES = 7;

/** A chart that is walked with the arrow keys, and the same figures as a table. */
export function Chart({ label, rowsAre, rows, series, kind = 'bars', say = String, ticks = countTicks }: ChartProps) {
  const figures = rows.map((row) => series.map(({ name }) => Number(row[name] ?? 0)));
  const marks = ticks(Math.max(0, ...(kind === 'stack' ? figures.map((parts) => parts.reduce((sum, part) => sum + part, 0)) : figures.flat())));
  const shared = {
    h: HEIGHT,
    data: rows,
    dataKey: 'name',
    series,
    gridAxis: 'x' as const,
    tickLine: 'none' as const,
    valueFormatter: say,
    xAxisProps: rows.length > MOST_NAMES ? { minTickGap: 16 } : { interval: 0 as const },
    yAxisProps: { ticks: marks, domain: [0, marks.at(-1)!] as [number, number], width: kind === 'lines' ? 56 : 40, interval: 0 as const },
  };
  const frame = { title: label, margin: { top: 12, right: 12 } };
  return (
    <>
      {kind === 'lines' ? (
        <LineChart {...shared} curveType="linear" connectNulls={false} lineChartProps={frame} lineProps={{ isAnimationActive: false }} />
      ) : (
        <BarChart
          {...shared}
          type={kind === 'stack' ? 'stacked' : 'default'}
          barChartProps={frame}
          barProps={{ radius: kind === 'stack' ? 0 : 4, isAnimationActive: false, maxBarSize: 56 }}
        />
      )}
      {series.length > 1 && <Legend series={series} />}
      <Figures label={label} rowsAre={rowsAre} rows={rows} series={series} say={say} />
    </>
  );
}

/** Below the chart, at whatever height it needs: within, it would take the chart's own. */
function Legend({ series }: { series: Series[] }) {
  return (
    <ul className={styles.legend}>
      {series.map(({ name, color }) => (
        <li key={name}>
          <span style={{ background: color }} /> {name}
        </li>
      ))}
    </ul>
  );
}

function Figures({ label, rowsAre, rows, series, say = String }: ChartProps) {
  return (
    <details className={styles.figures}>
      <summary>{texts.insights.table}</summary>
      <div className={styles.scroll} tabIndex={0} role="region" aria-label={label}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">{rowsAre}</Table.Th>
              {series.map(({ name }) => (
                <Table.Th key={name} scope="col" ta="end">
                  {name}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.name}>
                <Table.Th scope="row">{row.name}</Table.Th>
                {series.map(({ name }) => {
                  const value = row[name];
                  return (
                    <Table.Td key={name} ta="end">
                      {typeof value === 'number' ? say(value) : '–'}
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </details>
  );
}
