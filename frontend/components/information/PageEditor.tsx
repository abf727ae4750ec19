'use client';

import { Button, Group, Textarea } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Facts } from '@/components/dashboard/Facts';
import { usePerson } from '@/components/dashboard/Gate';
import { tell, tellFailure } from '@/components/dashboard/tell';
import { useUnsaved } from '@/components/dashboard/useUnsaved';
import { History } from '@/components/products/History';
import { outcome, useRefresh } from '@/components/products/useMoves';
import { Failure } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { problemOf } from '@/lib/problems';
import type { InformationKind, InformationPage } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import styles from './Information.module.css';
import { PageLive } from './PageLive';

const say = texts.information;
const MOST = 2000;

interface Props {
  kind: InformationKind;
  language: string;
  /** Null where nothing is written yet. */
  id: number | null;
}

/** One page of information: what is written beside what shoppers see. */
export function PageEditor({ kind, language, id }: Props) {
  const found = useQuery({
    queryKey: ['information', id],
    queryFn: ({ signal }) => api.informationPage(id!, signal),
    enabled: id !== null,
  });
  if (found.isError && !found.data) return <Failure error={found.error} retry={() => void found.refetch()} />;
  if (id !== null && !found.data) return <div className="skeleton" style={{ height: '18rem' }} />;
  const page = found.data?.item ?? null;
  return (
    <>
      <div className={styles.sides}>
        <Written key={page?.version} kind={kind} language={language} page={page} etag={found.data?.etag ?? null} />
        {page && <PageLive page={page} />}
      </div>
      {page && (
        <section className={styles.history}>
          <h2>{say.history}</h2>
          <History of={{ type: 'page', id: page.id }} />
        </section>
      )}
    </>
  );
}

interface WrittenProps extends Omit<Props, 'id'> {
  page: InformationPage | null;
  etag: string | null;
}

function Written({ kind, language, page, etag }: WrittenProps) {
  const { can } = usePerson();
  const before = page?.text ?? '';
  const [text, setText] = useState(before);
  const [fault, setFault] = useState('');
  const refresh = useRefresh();
  const changed = text !== before;
  useUnsaved(changed);
  const may = (action: string) => page?.allowed_actions.includes(action) ?? false;
  const save = useMutation({
    mutationFn: async (andSubmit: boolean) => {
      const wish = text.trim();
      const saved = !page ? await api.createInformationPage({ kind, language, text: wish }) : changed ? await api.changeInformationPage(page.id, wish, etag) : page;
      if (!andSubmit) return texts.editor.saved;
      const submitted = await api.move({ type: 'page', id: saved.id }, 'submit', { version: saved.version });
      return outcome('submit', submitted as InformationPage);
    },
    onSuccess: async (done) => {
      setText(text.trim());
      tell(done);
      await refresh();
    },
    onError: (error) => {
      const problem = problemOf(error);
      if (problem.status === 412) setFault(say.conflict);
      else if (problem.fields['text']) setFault(problem.fields['text']);
      else tellFailure(error);
    },
  });
  const move = useMutation({
    mutationFn: (to: api.Move) => api.move({ type: 'page', id: page!.id }, to),
    onSuccess: (_, to) => void tell(texts.moves[to].done),
    onError: tellFailure,
    onSettled: refresh,
  });
  const remove = useMutation({ mutationFn: () => api.deleteInformationPage(page!.id), onError: tellFailure, onSettled: refresh });
  const ask = (title: string, sure: string, confirm: string, act: () => void) =>
    modals.openConfirmModal({ title, children: sure, labels: { confirm, cancel: texts.common.cancel }, confirmProps: { color: 'red' }, onConfirm: act });
  if (!(page ? may('edit') : can('product:write')) && !changed) {
    return <Facts rows={[{ name: say.text, value: before, prose: true }]} />;
  }
  const send = (andSubmit: boolean) => {
    if (text.trim()) return save.mutate(andSubmit);
    setFault(texts.editor.required);
  };
  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send(false);
      }}
    >
      {page?.status === 'pending_approval' && <p className={styles.note}>{texts.editor.waiting}</p>}
      <Textarea
        label={say.text}
        description={say.hints[kind]}
        autosize
        minRows={8}
        maxRows={20}
        lang={language}
        maxLength={MOST}
        value={text}
        error={fault}
        onChange={(event) => {
          setText(event.target.value);
          setFault('');
        }}
      />
      <p className={styles.count}>{say.count(text.length, MOST)}</p>
      <Group className={styles.save} gap="sm">
        <Button type="submit" variant="default" loading={save.isPending} disabled={!changed}>
          {texts.editor.saveDraft}
        </Button>
        <Button loading={save.isPending} disabled={!changed && !may('submit')} onClick={() => send(true)}>
          {changed || !page ? texts.editor.saveSubmit : texts.moves.submit.button}
        </Button>
        {may('withdraw') && (
          <Button variant="default" loading={move.isPending} onClick={() => move.mutate('withdraw')}>
            {texts.moves.withdraw.button}
          </Button>
        )}
        {may('unpublish') && (
          <Button variant="default" onClick={() => ask(texts.editor.unpublishTitle, texts.editor.unpublishText, texts.moves.unpublish.button, () => move.mutate('unpublish'))}>
            {texts.moves.unpublish.button}
          </Button>
        )}
        {may('delete') && (
          <Button variant="subtle" color="red" onClick={() => ask(say.deleteTitle, say.deleteText, texts.common.delete, () => remove.mutate())}>
            {texts.common.delete}
          </Button>
        )}
        <span role="status" className={styles.unsaved}>
          {changed ? texts.editor.unsaved : ''}
        </span>
      </Group>
    </form>
  );
}
