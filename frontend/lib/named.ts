import { isolated } from './bidi';

/** A person's name with the user name, which is theirs alone: two people may have one name. */
export function named(name: string, username?: string): string {
  if (!name) return '';
  return !username || username === name ? isolated(name) : `${isolated(name)} (${username})`;
}
