import { describe, expect, it } from 'vitest';
import { countTicks, durationTicks } from '@/lib/ticks';
import { duration } from '@/lib/time';

describe('the marks of an axis of durations', () => {
  it.each([0, 1, 59, 61, 90, 130, 600, 3_599, 3_700, 7_300, 20_000, 86_399, 90_000, 172_000, 180_000, 700_000, 5_000_000, 90_000_000])(
    'all read differently and reach above %i s',
    (longest) => {
      const ticks = durationTicks(longest);
      expect(new Set(ticks.map((tick) => duration(tick, 'en'))).size).toBe(ticks.length);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(longest);
      expect(ticks.length).toBeLessThanOrEqual(6);
    },
  );
});

describe('the marks of an axis of counts', () => {
  it.each([
    [0, [0, 1, 2, 3, 4]],
    [3, [0, 1, 2, 3, 4]],
    [17, [0, 5, 10, 15, 20]],
    [40, [0, 10, 20, 30, 40]],
    [41, [0, 20, 40, 60]],
    [1_001, [0, 500, 1_000, 1_500]],
  ])('up to %i are %j', (most, ticks) => {
    expect(countTicks(most)).toEqual(ticks);
  });
});
