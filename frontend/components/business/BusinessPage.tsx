'use client';

import { Button, Checkbox, Group, Select, Stack, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Facts } from '@/components/dashboard/Facts';
import { Allowed, usePerson } from '@/components/dashboard/Gate';
import { Title } from '@/components/dashboard/Title';
import { tell, tellFailure } from '@/components/dashboard/tell';
import { useUnsaved } from '@/components/dashboard/useUnsaved';
import styles from '@/components/people/People.module.css';
import { Failure } from '@/components/ui/Notice';
import * as api from '@/lib/api';
import { CURRENCIES } from '@/lib/money';
import { problemOf } from '@/lib/problems';
import type { Business, Policy } from '@/lib/types';
import { texts } from '@/texts/dashboard';

const say = texts.business;
const FIELDS = Object.keys(say.fields) as Policy['skip_review'];

export function BusinessPage() {
  const { user, can } = usePerson();
  const found = useQuery({
    queryKey: ['business', user.business],
    queryFn: ({ signal }) => api.business(user.business!, signal),
    enabled: user.business !== null,
  });
  const policy = useQuery({ queryKey: ['policy'], queryFn: ({ signal }) => api.policy(signal), enabled: can('policy:manage') });
  return (
    <Allowed to="business:view">
      <Title>{say.title}</Title>
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && (can('business:manage') ? <Settings business={found.data} /> : <Reading business={found.data} />)}
      {policy.isError && <Failure error={policy.error} retry={() => void policy.refetch()} />}
      {policy.data && <Rules policy={policy.data} />}
    </Allowed>
  );
}

const setting = (business: Business, name: string) => String(business.settings[name] ?? '');

function Reading({ business }: { business: Business }) {
  const rows = [
    { name: say.name, value: business.name },
    { name: say.contact, value: setting(business, 'contact_email') },
    { name: say.website, value: setting(business, 'website') },
    { name: say.currency, value: setting(business, 'default_currency') },
  ];
  return <Facts rows={rows} />;
}

function Settings({ business }: { business: Business }) {
  const queries = useQueryClient();
  const text = (name: string) => setting(business, name);
  const form = useForm({
    initialValues: {
      name: business.name,
      contact_email: text('contact_email'),
      website: text('website'),
      default_currency: text('default_currency') || null,
    },
  });
  useUnsaved(form.isDirty());
  const save = useMutation({
    mutationFn: ({ name, ...settings }: typeof form.values) =>
      api.changeBusiness(business.id, {
        name,
        settings: Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, value || null])),
      }),
    onSuccess: () => {
      form.resetDirty();
      tell(texts.common.saved);
      void queries.invalidateQueries({ queryKey: ['business'] });
    },
    onError: (error) => {
      const fields = Object.entries(problemOf(error).fields).map(([name, message]) => [name.replace(/^settings\./, ''), message]);
      if (fields.length) form.setErrors(Object.fromEntries(fields));
      else tellFailure(error);
    },
  });
  return (
    <form noValidate className={styles.form} onSubmit={form.onSubmit((values) => save.mutate(values))}>
      <TextInput label={say.name} maxLength={200} {...form.getInputProps('name')} />
      <TextInput label={say.contact} type="email" {...form.getInputProps('contact_email')} />
      <TextInput label={say.website} type="url" placeholder="https://" {...form.getInputProps('website')} />
      <Select label={say.currency} data={CURRENCIES} clearable searchable {...form.getInputProps('default_currency')} />
      <Group>
        <Button type="submit" loading={save.isPending} disabled={!form.isDirty()}>
          {texts.common.save}
        </Button>
      </Group>
    </form>
  );
}

function Rules({ policy }: { policy: Policy }) {
  const queries = useQueryClient();
  const change = useMutation({
    mutationFn: api.changePolicy,
    onSuccess: (now) => {
      queries.setQueryData(['policy'], now);
      tell(texts.common.saved);
    },
    onError: tellFailure,
  });
  const shown = { ...policy, ...(change.isPending ? change.variables : {}) };
  return (
    <section className={styles.section}>
      <h2>{say.policy}</h2>
      <Stack gap="lg">
        <Switch
          label={say.self}
          description={say.selfText}
          checked={shown.allow_self_approval}
          onChange={(event) => change.mutate({ allow_self_approval: event.target.checked })}
        />
        <Switch
          label={say.reserve}
          description={say.reserveText}
          checked={shown.reserve_live_deletion}
          onChange={(event) => change.mutate({ reserve_live_deletion: event.target.checked })}
        />
        <Checkbox.Group
          label={say.skip}
          description={say.skipText}
          value={shown.skip_review}
          onChange={(fields) => change.mutate({ skip_review: fields as Policy['skip_review'] })}
        >
          <Stack gap="xs" mt="xs">
            {FIELDS.map((field) => (
              <Checkbox key={field} value={field} label={say.fields[field]} />
            ))}
          </Stack>
        </Checkbox.Group>
      </Stack>
    </section>
  );
}
