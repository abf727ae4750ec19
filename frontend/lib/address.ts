/** The number in what an operator was sent: a product page's address, or the bare number; null where there is none. */
export function productNumber(text: string): number | null {
  const found = /^(?:\S*\/product\/?\?(?:\S*&)?id=)?(\d{1,15})(?:[&#]\S*)?$/.exec(text.trim());
  return found && Number(found[1]) > 0 ? Number(found[1]) : null;
}
