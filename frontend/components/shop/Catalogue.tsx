'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { type Asked, defaultOrdering, lacksCurrency, orderingOf, useAsked, useFacets, useListings, withoutCurrency } from '@/lib/catalogue';
import { ownCurrency } from '@/lib/currency';
import { rowsOf } from '@/lib/pages';
import { texts } from '@/texts/shop';
import styles from './Catalogue.module.css';
import { Filters } from './Filters';
import { FILTERS, Results } from './Results';
import { SearchBox } from './SearchBox';

export function Catalogue() {
  const { asked, change } = useAsked();
  const drawer = useRef<HTMLDialogElement>(null);
  const [filtering, setFiltering] = useState(false);
  const total = useFacets(asked).data?.total;
  useOneCurrency(asked, change);
  const openFilters = () => {
    setFiltering(true);
    drawer.current?.showModal();
  };
  return (
    <>
      <div className={`wrap ${styles.layout}`}>
        <aside className={`screen-only rings-inside ${styles.side}`} aria-label={texts.filters}>
          <Filters asked={asked} change={change} />
        </aside>
        <section className={styles.results} aria-label={texts.results}>
          <div className={`screen-only ${styles.bar}`}>
            <p role="status" className={styles.count}>
              {total === undefined ? '\u00a0' : texts.found(total)}
            </p>
            <button type="button" className={`button quiet ${styles.open}`} onClick={openFilters}>
              {texts.filters}
            </button>
            <label className={styles.order}>
              <span>{texts.order}</span>
              <select
                className="field"
                value={orderingOf(asked)}
                onChange={(event) => change({ ordering: event.target.value === defaultOrdering(asked) ? undefined : (event.target.value as Asked['ordering']) })}
              >
                {Object.entries(texts.orders)
                  .filter(([value]) => asked.q || value !== 'relevance')
                  .map(([value, text]) => (
                    <option key={value} value={value}>
                      {text}
                    </option>
                  ))}
              </select>
            </label>
          </div>
          <Corrected asked={asked} change={change} />
          <Chosen asked={asked} change={change} />
          <Results asked={asked} reset={() => change({ ...UNFILTERED, ...withoutCurrency(asked) })} />
        </section>
      </div>
      <dialog
        ref={drawer}
        className={styles.drawer}
        aria-label={texts.filters}
        onClose={() => setFiltering(false)}
        onClick={(event) => event.target === drawer.current && drawer.current.close()}
      >
        <div className={styles.inner}>
          <div className={styles.drawerHead}>
            <h2>{texts.filters}</h2>
            <button type="button" className="icon-button" aria-label={texts.close} onClick={() => drawer.current?.close()}>
              <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
              </svg>
            </button>
          </div>
          {filtering && (
            <div className="rings-inside">
              <Filters asked={asked} change={change} />
            </div>
          )}
          <p className={styles.done}>
            <button type="button" className="button" onClick={() => drawer.current?.close()}>
              {total === undefined ? texts.close : texts.show(total)}
            </button>
          </p>
        </div>
      </dialog>
    </>
  );
}

/** The search field of the page's head. */
export function CatalogueSearch() {
  const { asked, change } = useAsked();
  const search = useCallback((q: string) => change({ q: q || undefined, correct: undefined }, 'replace'), [change]);
  return <SearchBox value={asked.q ?? ''} onSearch={search} onFilter={change} />;
}

/** Words that were not found as typed, and the way back to them. */
function Corrected({ asked, change }: { asked: Asked; change: (changes: Partial<Asked>) => void }) {
  const corrected = useListings(asked).data?.pages[0]?.corrected;
  return (
    <p role="status" className={corrected ? styles.corrected : 'visually-hidden'}>
      {corrected && (
        <>
          {texts.corrected(corrected)}{' '}
          <button type="button" className={styles.link} onClick={() => change({ correct: 'false' })}>
            {texts.asTyped(asked.q ?? '')}
          </button>
        </>
      )}
    </p>
  );
}

/** Prices are compared within one currency: the address says which. */
function useOneCurrency(asked: Asked, change: (changes: Partial<Asked>, how: 'replace') => void) {
  const lacks = lacksCurrency(asked);
  const offered = useFacets(asked, ['currency', 'min_price', 'max_price']).data?.currencies;
  const own = lacks && offered ? ownCurrency(offered) : undefined;
  useEffect(() => {
    if (own) change({ currency: own }, 'replace');
    // Where nothing is offered, there is no price to compare.
    else if (lacks && offered) change({ min_price: undefined, max_price: undefined, ordering: undefined }, 'replace');
  }, [own, lacks, offered, change]);
}

const UNFILTERED: Partial<Asked> = Object.fromEntries(FILTERS.map((name) => [name, undefined]));

function Chosen({ asked, change }: { asked: Asked; change: (changes: Partial<Asked>) => void }) {
  const businesses = useFacets(asked, ['business']).data?.businesses;
  const listed = rowsOf(useListings(asked));
  // What was counted a moment ago may not know a business yet that is shown already.
  const name =
    businesses?.find(({ id }) => String(id) === asked.business)?.name ??
    listed.find(({ business }) => String(business) === asked.business)?.business_name;
  const chips = [
    { on: asked.category, text: asked.category ?? '', drop: { category: undefined } },
    { on: asked.business, text: name ?? texts.business, drop: { business: undefined } },
    { on: asked.currency, text: asked.currency ?? '', drop: withoutCurrency(asked) },
    { on: asked.min_price, text: `≥ ${asked.min_price}`, drop: { min_price: undefined } },
    { on: asked.max_price, text: `≤ ${asked.max_price}`, drop: { max_price: undefined } },
  ].filter(({ on }) => on);
  if (chips.length === 0) return null;
  return (
    <ul className={styles.chips}>
      {chips.map(({ text, drop }) => (
        <li key={text}>
          <button type="button" aria-label={texts.remove(text)} onClick={() => change(drop)}>
            <span dir="auto">{text}</span> <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      <li>
        <button type="button" className={styles.resetAll} onClick={() => change({ ...UNFILTERED, ...withoutCurrency(asked) })}>
          {texts.reset}
        </button>
      </li>
    </ul>
  );
}
