/** Writes into the page's address what it is asked for, in place; an empty text takes the name out. */
export function writeQuery(changes: Record<string, string>): void {
  const next = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  history.replaceState(null, '', `${location.pathname}${next.size ? `?${next}` : ''}`);
}
