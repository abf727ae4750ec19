import { Suspense } from 'react';
import { Catalogue, CatalogueSearch } from '@/components/shop/Catalogue';
import styles from '@/components/shop/Catalogue.module.css';
import { CatalogueFrame } from '@/components/shop/CatalogueFrame';
import { Mosaic } from '@/components/shop/Mosaic';
import { Shell } from '@/components/site/Shell';
import { texts } from '@/texts/shop';

export default function Page() {
  return (
    <Shell>
      {/* Outside of what waits for the address: the largest paint needs no script. */}
      <section className={`wrap ${styles.hero}`}>
        <div>
          <h1>{texts.title}</h1>
          <p>{texts.lead}</p>
          <Suspense fallback={<div className={`skeleton ${styles.searchFrame}`} />}>
            <CatalogueSearch />
          </Suspense>
        </div>
        <Mosaic />
      </section>
      <Suspense fallback={<CatalogueFrame />}>
        <Catalogue />
      </Suspense>
    </Shell>
  );
}
