'use client';

import { ActionIcon, Autocomplete, Button, Select, Textarea, TextInput } from '@mantine/core';
import type { useForm } from '@mantine/form';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import * as api from '@/lib/api';
import type { Draft } from '@/lib/draft';
import { newId } from '@/lib/id';
import { CURRENCIES } from '@/lib/money';
import { countWords, MOST_WORDS } from '@/lib/words';
import { texts } from '@/texts/dashboard';
import styles from './ProductPage.module.css';

export type Form = ReturnType<typeof useForm<Draft>>;

export function Fields({ form }: { form: Form }) {
  const categories = useQuery({
    queryKey: ['facets', {}],
    queryFn: ({ signal }) => api.facets({}, signal),
    staleTime: 300_000,
  }).data?.categories;
  const currencies = CURRENCIES.includes(form.values.currency) ? CURRENCIES : [form.values.currency, ...CURRENCIES];
  const words = countWords(form.values.description);
  return (
    <>
      <TextInput label={texts.editor.name} withAsterisk required maxLength={255} data-path="name" {...form.getInputProps('name')} />
      <div className={styles.pair}>
        <Autocomplete
          label={texts.editor.category}
          data={categories?.map(({ value }) => value).filter(Boolean) ?? []}
          maxLength={64}
         
          data-path="category"
          {...form.getInputProps('category')}
        />
        <TextInput label={texts.editor.sku} description={texts.editor.skuHint} inputWrapperOrder={['label', 'input', 'description', 'error']} maxLength={64} data-path="sku" {...form.getInputProps('sku')} />
      </div>
      <div className={styles.money}>
        <TextInput label={texts.editor.price} withAsterisk required inputMode="decimal" autoComplete="off" data-path="price" {...form.getInputProps('price')} />
        <Select label={texts.editor.currency} data={currencies} searchable allowDeselect={false} data-path="currency" {...form.getInputProps('currency')} />
      </div>
      <div>
        <Textarea
          label={texts.editor.description}
          autosize
          minRows={5}
          maxRows={14}
         
          aria-describedby="words"
          data-path="description"
          {...form.getInputProps('description')}
          error={words > MOST_WORDS ? texts.editor.tooManyWords(words) : form.errors.description}
        />
        <p id="words" className={styles.count} data-over={words > MOST_WORDS || undefined}>
          {texts.editor.words(words)}
        </p>
      </div>
      <Attributes form={form} />
    </>
  );
}

function Attributes({ form }: { form: Form }) {
  return (
    <fieldset className={styles.attributes}>
      <legend>{texts.editor.attributes}</legend>
      {form.values.attributes.map(({ key, name }, at) => (
        <div key={key} className={styles.attribute}>
          <TextInput aria-label={texts.editor.attributeName} placeholder={texts.editor.attributeName} data-path={`attributes.${at}.name`} {...form.getInputProps(`attributes.${at}.name`)} />
          <TextInput aria-label={texts.editor.attributeValue} placeholder={texts.editor.attributeValue} {...form.getInputProps(`attributes.${at}.value`)} />
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={texts.editor.removeAttribute(name)} onClick={() => form.removeListItem('attributes', at)}>
            <IconX size={18} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        size="compact-md"
        leftSection={<IconPlus size={16} />}
        onClick={() => form.insertListItem('attributes', { key: newId(), name: '', value: '' })}
      >
        {texts.editor.addAttribute}
      </Button>
    </fieldset>
  );
}
