/** What a table holds under a name that came from outside: `constructor` and its like are in every object, and in no table. */
export function own<Value>(table: Record<string, Value>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
