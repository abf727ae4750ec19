import { Seal } from '@/components/site/Seal';
import styles from './Catalogue.module.css';
import { ProductArt } from './ProductArt';

const TILES = [
  ['lighting', 0],
  ['kitchen', 1],
  ['audio', 2],
  ['garden', 1],
  ['toys', 2],
  ['outdoor', 1],
  ['textiles', 0],
] as const;

/** Ornament: what is sold here, and the seal that it carries. */
export function Mosaic() {
  const tiles = TILES.map(([category, id]) => (
    <div key={category}>
      <ProductArt category={category} id={id} />
    </div>
  ));
  tiles.splice(
    5,
    0,
    <div key="seal" className={styles.stamp}>
      <Seal size={60} />
    </div>,
  );
  return (
    <div className={styles.mosaic} aria-hidden="true">
      {tiles}
    </div>
  );
}
