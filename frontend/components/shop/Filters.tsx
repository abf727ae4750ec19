'use client';

import { useId, useState } from 'react';
import { type Asked, useFacets, withoutCurrency } from '@/lib/catalogue';
import { money, priceFault, tidyPrice } from '@/lib/money';
import { texts } from '@/texts/shop';
import styles from './Filters.module.css';

interface Props {
  asked: Asked;
  change: (changes: Partial<Asked>) => void;
}

export function Filters({ asked, change }: Props) {
  const categories = useFacets(asked, ['category']).data?.categories;
  const businesses = useFacets(asked, ['business']).data?.businesses;
  return (
    <div className={styles.filters}>
      <Choices
        title={texts.category}
        all={texts.allCategories}
        chosen={asked.category}
        onChoose={(category) => change({ category })}
        choices={categories?.map(({ value, count }) => ({ key: value, text: value || texts.uncategorised, count }))}
      />
      <Price asked={asked} change={change} />
      <Choices
        title={texts.business}
        all={texts.allBusinesses}
        chosen={asked.business}
        onChoose={(business) => change({ business })}
        choices={businesses?.map(({ id, name, count }) => ({ key: String(id), text: name, count }))}
      />
    </div>
  );
}

interface ChoicesProps {
  title: string;
  all: string;
  chosen?: string;
  choices?: { key: string; text: string; count: number }[];
  onChoose: (key?: string) => void;
}

/** So many choices are shown at first. */
const MOST = 12;

function Choices({ title, all, chosen, choices, onChoose }: ChoicesProps) {
  const id = useId();
  const [whole, setWhole] = useState(false);
  const named = choices?.filter(({ key }) => key);
  const shown = named?.filter(({ key }, at) => whole || at < MOST || key === chosen);
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {title}
      </h2>
      {shown ? (
        <ul className={styles.choices}>
          <li>
            <button type="button" aria-pressed={!chosen} onClick={() => onChoose(undefined)}>
              <span>{all}</span>
            </button>
          </li>
          {shown.map(({ key, text, count }) => (
            <li key={key}>
              <button
                type="button"
                aria-pressed={chosen === key}
                onClick={() => onChoose(chosen === key ? undefined : key)}
              >
                <span dir="auto">{text}</span>
                <data value={count}>{texts.count(count)}</data>
              </button>
            </li>
          ))}
          {named!.length > MOST && (
            <li>
              <button type="button" className={styles.whole} aria-expanded={whole} onClick={() => setWhole(!whole)}>
                {whole ? texts.fewer : texts.all(named!.length)}
              </button>
            </li>
          )}
        </ul>
      ) : (
        <div className="skeleton" style={{ height: '9rem' }} />
      )}
    </section>
  );
}

function Price({ asked, change }: Props) {
  const id = useId();
  const facets = useFacets(asked, ['currency', 'min_price', 'max_price']).data;
  const [from, setFrom] = useFollowing(asked.min_price ?? '');
  const [to, setTo] = useFollowing(asked.max_price ?? '');
  const [fault, setFault] = useState('');
  const currencies = facets?.currencies ?? [];
  const only = currencies.length === 1 ? currencies[0]!.currency : undefined;
  const currency = asked.currency ?? only;
  const range = currencies.find((one) => one.currency === currency);
  const edit = (write: () => void) => {
    write();
    setFault('');
  };
  const apply = () => {
    const [low, high] = [tidyPrice(from), tidyPrice(to)];
    if ([low, high].some((price) => price && priceFault(price, currency ?? 'USD'))) return setFault(texts.badPrice);
    if (low && high && Number(low) > Number(high)) return setFault(texts.badRange);
    change({ min_price: low || undefined, max_price: high || undefined });
  };
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={styles.title}>
        {texts.price}
      </h2>
      <form
        className={styles.price}
        onSubmit={(event) => {
          event.preventDefault();
          apply();
        }}
      >
        <label>
          <span>{texts.currency}</span>
          <select
            className="field"
            value={asked.currency ?? ''}
            onChange={(event) => change(event.target.value ? { currency: event.target.value } : withoutCurrency(asked))}
          >
            <option value="">{texts.anyCurrency}</option>
            {currencies.map((one) => (
              <option key={one.currency} value={one.currency}>
                {one.currency} ({one.count})
              </option>
            ))}
          </select>
        </label>
        <div className={styles.bounds}>
          <label>
            <span>{texts.from}</span>
            <input
              className="field"
              inputMode="decimal"
              value={from}
              onChange={(event) => edit(() => setFrom(event.target.value))}
              onBlur={apply}
              placeholder={range?.min_price}
              aria-invalid={fault ? true : undefined}
              aria-describedby={fault ? `${id}-fault` : undefined}
            />
          </label>
          <label>
            <span>{texts.to}</span>
            <input
              className="field"
              inputMode="decimal"
              value={to}
              onChange={(event) => edit(() => setTo(event.target.value))}
              onBlur={apply}
              placeholder={range?.max_price}
              aria-invalid={fault ? true : undefined}
              aria-describedby={fault ? `${id}-fault` : undefined}
            />
          </label>
        </div>
        {fault && (
          <p id={`${id}-fault`} role="alert" className={styles.fault}>
            {fault}
          </p>
        )}
        {range && (
          <p className={styles.range}>
            {texts.range(money(range.min_price, range.currency), money(range.max_price, range.currency))}
          </p>
        )}
        <button type="submit" className="visually-hidden">
          {texts.apply}
        </button>
      </form>
    </section>
  );
}

/** What is typed, until the address says something else: Back and "clear all" change it from outside. */
function useFollowing(value: string) {
  const [followed, setFollowed] = useState(value);
  const [text, setText] = useState(value);
  if (value !== followed) {
    setFollowed(value);
    setText(value);
  }
  return [text, setText] as const;
}
