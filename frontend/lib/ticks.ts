/** Lengths, in seconds, that a duration is told in without a remainder, each the next step of an axis. */
const STEPS = [1, 5, 15, 30, 60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000];
const MOST_TICKS = 5;

/** Where the marks of an axis of durations stand, so that no two of them read alike: from nothing to above the longest. */
export function durationTicks(longest: number): number[] {
  // A duration is told in one unit, rounded down: a step is whole in the unit of the longest.
  const least = longest >= 2 * 86_400 ? 86_400 : longest >= 3_600 ? 3_600 : longest >= 60 ? 60 : 1;
  const step = STEPS.find((length) => length >= least && longest / length <= MOST_TICKS - 1) ?? Math.ceil(longest / (MOST_TICKS - 1) / 86_400) * 86_400;
  return upTo(longest, step);
}

/** The same of an axis of counts: whole, round numbers. */
export function countTicks(most: number): number[] {
  const least = Math.max(most, MOST_TICKS - 1) / (MOST_TICKS - 1);
  const power = 10 ** Math.floor(Math.log10(least));
  return upTo(Math.max(most, MOST_TICKS - 1), [1, 2, 5, 10].map((part) => part * power).find((step) => step >= least)!);
}

function upTo(most: number, step: number): number[] {
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, at) => at * step);
}
