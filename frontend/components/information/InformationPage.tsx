'use client';

import { Select, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { Allowed, usePerson } from '@/components/dashboard/Gate';
import { StatusBadge } from '@/components/dashboard/StatusBadge';
import { Title } from '@/components/dashboard/Title';
import { Failure } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { LANGUAGES, languageName } from '@/lib/languages';
import { all } from '@/lib/pages';
import { useAsking, writeQuery } from '@/lib/query';
import type { InformationKind } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './Information.module.css';
import { PageEditor } from './PageEditor';

const say = texts.information;
const KINDS = Object.keys(say.kinds) as InformationKind[];

/** What a business tells its shoppers, page by page, in each of its languages. */
export function InformationPage() {
  return (
    <Allowed to="product:view">
      <Pages />
    </Allowed>
  );
}

function Pages() {
  const { user } = usePerson();
  const query = useAsking();
  const kind = KINDS.find((known) => known === query.get('kind')) ?? KINDS[0]!;
  const language = LANGUAGES.find((known) => known === query.get('language')) ?? 'en';
  const found = useQuery({ queryKey: ['information'], queryFn: ({ signal }) => all((cursor) => api.informationPages(cursor, signal)) });
  const pages = found.data?.filter((page) => page.language === language) ?? [];
  const anyLive = found.data?.some((page) => page.live_version !== null);
  return (
    <>
      <Title
        actions={
          anyLive && (
            <Link className="button quiet" href={`/seller/?id=${user.business}`} prefetch={false}>
              {say.view}
            </Link>
          )
        }
      >
        {say.title}
      </Title>
      <p className={styles.lead}>{say.lead}</p>
      {found.isError && !found.data ? (
        <Failure error={found.error} retry={() => void found.refetch()} />
      ) : !found.data ? (
        <div className="skeleton" style={{ height: '24rem' }} />
      ) : (
        <>
          <Select
            className={styles.language}
            label={say.language}
            data={LANGUAGES.map((value) => ({ value, label: languageName(value) }))}
            value={language}
            allowDeselect={false}
            searchable
            onChange={(value) => writeQuery({ language: value ?? '' })}
          />
          <Tabs value={kind} onChange={(value) => writeQuery({ kind: value ?? '' })} keepMounted={false}>
            <Tabs.List mb="lg" className="rings-inside">
              {KINDS.map((value) => (
                <Tabs.Tab key={value} value={value}>
                  {say.kinds[value]}
                </Tabs.Tab>
              ))}
            </Tabs.List>
            {KINDS.map((value) => {
              const page = pages.find((one) => one.kind === value) ?? null;
              return (
                <Tabs.Panel key={value} value={value}>
                  <p className={styles.state}>{page ? <StatusBadge product={page} /> : say.none}</p>
                  <PageEditor key={`${value}-${language}-${page?.id ?? 'new'}`} kind={value} language={language} id={page?.id ?? null} />
                </Tabs.Panel>
              );
            })}
          </Tabs>
        </>
      )}
    </>
  );
}
