import { texts } from '@/texts/dashboard';
import type { Vetted } from './api';
import { languageName } from './languages';
import type { Approval, InformationPage } from './types';

/** Tells things of either kind apart in one list: their numbers may be the same. */
export const keyOf = ({ type, id }: { type: Vetted['type'] | null; id: number | null }): string => `${type}-${id}`;

/** A page of information by what it is about, and its language. */
export const pageTitle = ({ kind, language }: Pick<InformationPage, 'kind' | 'language'>): string =>
  texts.information.of(texts.information.kinds[kind], languageName(language));

/** What something is called where it waits among others. */
export const titleOf = (row: Approval): string => (row.type === 'page' ? pageTitle(row) : row.name);
