import { describe, expect, it } from 'vitest';
import { linksOf, piecesOf, shopOf } from '@/lib/statements';

describe('a statement', () => {
  it('leads to what it names', () => {
    const lamp = { id: 7, name: 'Watt lamp' };
    expect(linksOf({ kind: 'product', text: '', product: lamp })).toEqual([{ name: 'Watt lamp', href: '/product/?id=7' }]);
    expect(linksOf({ kind: 'comparison', text: '', values: [{ product: lamp }] })).toHaveLength(1);
    expect(linksOf({ kind: 'unknown', text: '', seller: { id: 3, name: 'Nordlicht' } })).toEqual([{ name: 'Nordlicht', href: '/seller/?id=3' }]);
    expect(linksOf({ kind: 'breakdown', text: '', rows: [{ name: 'lighting', query: { category: 'lighting' } }] })).toEqual([
      { name: 'lighting', href: '/?category=lighting' },
    ]);
  });

  it('leads to the list that it counts where the shop can show it', () => {
    expect(shopOf({ q: 'lamp', max_price: '40', currency: 'EUR', category: null })).toBe('/?q=lamp&max_price=40&currency=EUR');
    expect(shopOf({ q: 'lamp', among: [1, 2] })).toBeNull();
    expect(shopOf({})).toBeNull();
  });

  it('is cut at its names, longer ones first, and nothing is lost', () => {
    const links = [
      { name: 'Elbe', href: '/b' },
      { name: 'Elbe lamp', href: '/a' },
    ];
    expect(piecesOf('Elbe lamp is by Elbe. Elbe!', links)).toEqual([links[1], ' is by ', links[0], '. Elbe!']);
    expect(piecesOf('nothing here', links)).toEqual(['nothing here']);
    expect(piecesOf('a', [{ name: '', href: '/' }])).toEqual(['a']);
  });
});
