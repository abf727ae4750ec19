'use client';

import { Button } from '@mantine/core';
import { schemaResolver, useForm } from '@mantine/form';
import { modals } from '@mantine/modals';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { usePerson } from '@/components/dashboard/Gate';
import { tell, tellFailure } from '@/components/dashboard/tell';
import { useUnsaved } from '@/components/dashboard/useUnsaved';
import * as api from '@/lib/api';
import { changesOf, type Draft, draftOf, rules, wishOf } from '@/lib/draft';
import { named } from '@/lib/named';
import { firstOf } from '@/lib/pages';
import { problemOf } from '@/lib/problems';
import { ago } from '@/lib/time';
import type { Product, User } from '@/lib/types';
import { texts } from '@/texts/dashboard';
import { Fields, type Form } from './Fields';
import { LiveSide } from './LiveSide';
import styles from './ProductPage.module.css';
import { Reading } from './Reading';
import { RejectionNote } from './RejectionNote';
import { outcome, useRefresh } from './useMoves';

const schema = rules(texts.editor);

interface Props {
  product: Product | null;
  etag: string | null;
}

/** What is proposed beside what shoppers see. */
export function Editor({ product, etag }: Props) {
  const { can } = usePerson();
  const own = useOwnDefaults(product === null);
  const editable = product ? product.allowed_actions.includes('edit') : can('product:write');
  const form = useForm<Draft>({
    initialValues: draftOf(product, own),
    validate: schemaResolver(schema),
    validateInputOnBlur: true,
  });
  const { save, overwrite } = useSave(product, etag, form);
  const base = useRef({ version: product?.version, etag });
  useEffect(() => {
    // A version that came while nothing was written here is simply shown.
    if (product && product.version !== base.current.version && !form.isDirty()) {
      form.setInitialValues(draftOf(product));
      form.setValues(draftOf(product));
      base.current = { version: product.version, etag };
    }
  }, [product, etag, form]);
  useEffect(() => {
    if (!product && own && !form.isTouched('currency')) form.setFieldValue('currency', own);
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when the default is known
  }, [own]);
  useUnsaved(form.isDirty());
  const submit = (andSubmit: boolean) =>
    form.onSubmit(
      (draft) => save.mutate({ draft, andSubmit }),
      (faults) => focusOn(Object.keys(faults)[0]),
    )();
  // Whoever may no longer change it keeps what they wrote before their eyes.
  if (product && !editable && !form.isDirty()) {
    return (
      <div className={styles.sides}>
        <Reading product={product} />
        <LiveSide product={product} draft={form.values} readOnly />
      </div>
    );
  }
  return (
    <div className={styles.sides}>
      <form
        className={styles.form}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit(false);
        }}
      >
        {product?.status === 'rejected' && <RejectionNote product={product} />}
        {product?.status === 'pending_approval' && editable && <p className={styles.note}>{texts.editor.waiting}</p>}
        <Fields form={form} />
        <div className={styles.save}>
          <Button type="submit" variant="default" loading={save.isPending || overwrite.isPending} disabled={product !== null && !form.isDirty()}>
            {texts.editor.saveDraft}
          </Button>
          <Button loading={save.isPending} onClick={() => submit(true)} disabled={product !== null && !form.isDirty() && !product.allowed_actions.includes('submit')}>
            {texts.editor.saveSubmit}
          </Button>
          <span role="status" className={styles.unsaved}>
            {form.isDirty() ? texts.editor.unsaved : ''}
          </span>
        </div>
      </form>
      {product && <LiveSide product={product} draft={form.values} />}
    </div>
  );
}

interface Saving {
  draft: Draft;
  andSubmit: boolean;
  /** Puts the draft on top of whatever is there now. */
  force?: boolean;
}

function useSave(product: Product | null, etag: string | null, form: Form) {
  const router = useRouter();
  const refresh = useRefresh();
  const { user } = usePerson();
  const write = async ({ draft, andSubmit, force }: Saving): Promise<Product> => {
    const wish = product ? changesOf(draft, product) : wishOf(draft);
    const saved = !product
      ? await api.createProduct(wish)
      : Object.keys(wish).length > 0
        ? await api.changeProduct(product.id, wish, force ? null : etag)
        : product;
    return andSubmit ? await api.moveProduct(saved.id, 'submit', { version: saved.version }) : saved;
  };
  const settle = async (saved: Product, { andSubmit }: Saving) => {
    form.setInitialValues(draftOf(saved));
    form.setValues(draftOf(saved));
    await refresh();
    tell(andSubmit ? outcome('submit', saved) : texts.editor.saved);
    if (!product) router.replace(`/dashboard/product/?id=${saved.id}`);
  };
  const overwrite = useMutation({ mutationFn: write, onSuccess: settle, onError: tellFailure });
  const save = useMutation({
    mutationFn: write,
    onSuccess: settle,
    onError: (error, saving) => {
      const problem = problemOf(error);
      if (problem.status === 412) return void askWhoseWins(product!.id, user, () => overwrite.mutate({ ...saving, force: true }), refreshForm);
      const known = Object.entries(problem.fields).filter(([field]) => Object.hasOwn(form.values, field.split('.')[0]!));
      form.setErrors(Object.fromEntries(known));
      if (known.length > 0) focusOn(known[0]![0]);
      else tellFailure(error);
    },
  });
  const refreshForm = () => {
    form.reset();
    void refresh();
  };
  return { save, overwrite };
}

async function askWhoseWins(id: number, user: User, overwrite: () => void, load: () => void) {
  const say = texts.editor.conflict;
  const latest = await firstOf((cursor) => api.revisions(id, cursor), () => true).catch(() => null);
  const who = !latest ? say.unknown : latest.author === user.id ? say.own(ago(latest.created_at)) : say.other(named(latest.author_name, latest.author_username), ago(latest.created_at));
  modals.openConfirmModal({
    title: say.title,
    children: `${who} ${say.text}`,
    labels: { confirm: say.overwrite, cancel: say.load },
    // Neither is done by closing it: what was typed stays for now.
    cancelProps: { onClick: load },
    onConfirm: overwrite,
  });
}

function focusOn(path?: string) {
  document.querySelector<HTMLElement>(`[data-path="${path}"]`)?.focus();
}

/** The business's default currency, for a new product. */
function useOwnDefaults(needed: boolean): string | undefined {
  const { user } = usePerson();
  const found = useQuery({
    queryKey: ['business', user.business],
    queryFn: ({ signal }) => api.business(user.business!, signal),
    enabled: needed && user.business !== null,
    staleTime: 300_000,
  });
  const currency = found.data?.settings['default_currency'];
  return typeof currency === 'string' ? currency : undefined;
}
