import type { Role } from '@/lib/types';
import { texts } from '@/texts/dashboard';

/** Those that an admin gives, the least first. */
export const ROLES = Object.keys(texts.people.roles) as Role[];
