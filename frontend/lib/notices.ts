import { texts } from '@/texts/notice';
import type { ApiProblem } from './problems';

export interface Told {
  title: string;
  text: string;
}

/** What is told of a failure that is nobody's fault on this page; null where the problem's own message says more. */
export function noticeOf({ status }: ApiProblem): Told | null {
  if (status === 0) return typeof navigator !== 'undefined' && !navigator.onLine ? texts.offline : texts.unreachable;
  if (status === 429) return texts.busy;
  return status >= 500 ? texts.down : null;
}

/** The same in a line. */
export function toldOf(problem: ApiProblem): string {
  const told = noticeOf(problem);
  return told ? `${told.title}. ${told.text}` : problem.message;
}
