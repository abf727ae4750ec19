import { artOf, type Motif } from '@/lib/art';
import styles from './ProductArt.module.css';

// Drawn on 160 × 120. a: strong colour, b: light colour, c: ground line; `t` varies the arrangement.
const MOTIFS: Record<Motif, (t: number) => React.ReactNode> = {
  lamp: (t) => (
    <>
      <circle className={styles.b} cx={80} cy={74} r={34 - t * 2} />
      <path className={styles.a} d={`M${58 - t * 2} 70h${44 + t * 4}L94 38H66z`} />
      <path className={styles.line} d="M80 0v38" />
    </>
  ),
  weave: (t) => (
    <>
      {[0, 1, 2, 3].map((row) => (
        <rect key={row} className={row % 2 === t % 2 ? styles.a : styles.b} x={44} y={24 + row * 18} width={72} height={18} />
      ))}
      {[0, 1, 2].map((column) => (
        <rect key={column} className={styles.c} x={52 + column * 22 + t} y={24} width={8} height={72} />
      ))}
    </>
  ),
  seat: (t) => (
    <>
      <path className={styles.b} d={`M52 ${26 + t * 3}q28 -14 56 0v38H52z`} />
      <rect className={styles.a} x={46} y={62} width={68} height={14} rx={7} />
      <path className={styles.line} d="M56 76l-5 24M104 76l5 24" />
    </>
  ),
  bowl: (t) => (
    <>
      <circle className={styles.b} cx={62 + t * 12} cy={46} r={17} />
      <path className={styles.a} d="M40 58h80a40 36 0 0 1-80 0z" />
      <path className={styles.line} d="M62 97h36" />
    </>
  ),
  leaf: (t) => (
    <g transform={`rotate(${t * 8 - 12} 80 60)`}>
      <path className={styles.b} d="M80 98C44 84 44 48 60 26c18 12 26 40 20 72z" />
      <path className={styles.a} d="M80 98c-4-32 8-54 30-62 8 26-2 52-30 62z" />
      <path className={styles.line} d="M80 112V60" />
    </g>
  ),
  paper: (t) => (
    <g transform={`rotate(${t * 3 - 5} 80 60)`}>
      <path className={styles.b} d="M54 22h38l18 18v60H54z" />
      <path className={styles.a} d="M92 22l18 18H92z" />
      <path className={styles.line} d="M64 56h36M64 70h36M64 84h22" />
    </g>
  ),
  wave: (t) => (
    <>
      <circle className={styles.b} cx={80} cy={60} r={42} />
      <circle className={styles.c} cx={80} cy={60} r={28 + t * 2} />
      <circle className={styles.a} cx={80} cy={60} r={14} />
    </>
  ),
  grid: (t) => (
    <>
      {[0, 1, 2, 3, 4, 5].map((cell) => (
        <rect
          key={cell}
          className={[styles.a, styles.b, styles.c][(cell + t) % 3]}
          x={44 + (cell % 3) * 25}
          y={35 + Math.floor(cell / 3) * 25}
          width={22}
          height={22}
          rx={cell % 2 ? 11 : 4}
        />
      ))}
    </>
  ),
  hills: (t) => (
    <>
      <circle className={styles.c} cx={108 - t * 18} cy={34} r={13} />
      <path className={styles.b} d="M30 96l36-56 36 56z" />
      <path className={styles.a} d="M70 96l27-40 33 40z" />
    </>
  ),
  blocks: (t) => (
    <>
      <rect className={styles.a} x={46} y={62} width={32} height={32} rx={3} />
      <circle className={styles.b} cx={98} cy={78} r={16} />
      <path className={styles.c} d={`M${62 + t * 6} 58l18-32 18 32z`} />
    </>
  ),
  rings: (t) => (
    <>
      <circle className={styles.ring} cx={64} cy={60} r={26} />
      <circle className={styles.ringB} cx={94} cy={60} r={26 - t} />
    </>
  ),
};

interface Props {
  category: string;
  id: number;
  picture?: string | null;
  /** Describes the picture; without one the drawing says nothing that the text beside it does not say. */
  name?: string;
}

/** The product's picture, or a quiet drawing made from its category. */
export function ProductArt({ category, id, picture, name = '' }: Props) {
  if (picture) return <img className={styles.picture} src={picture} alt={name} loading="lazy" decoding="async" />;
  const { motif, tint, turn } = artOf(category, id);
  return (
    <svg viewBox="0 0 160 120" preserveAspectRatio="xMidYMid slice" className={`${styles.art} ${styles[`tint${tint}`]}`} aria-hidden="true">
      <rect className={styles.ground} width="160" height="120" />
      {MOTIFS[motif](turn)}
    </svg>
  );
}
