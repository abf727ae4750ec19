import {
  IconBuildingStore,
  IconBuildings,
  IconChartBar,
  IconChecklist,
  IconInfoCircle,
  IconListDetails,
  IconPlugConnected,
  IconTimeline,
  IconUsers,
} from '@tabler/icons-react';
import type { Permission } from '@/lib/types';
import { texts } from '@/texts/dashboard';

export interface Place {
  href: string;
  text: string;
  icon: typeof IconUsers;
  /** One of these is enough. */
  needs: Permission[];
}

/** The dashboard's sections; whoever may not see the first one begins at the first that they may see. */
export const PLACES: Place[] = [
  { href: '/dashboard/', text: texts.nav.products, icon: IconListDetails, needs: ['product:view'] },
  { href: '/dashboard/platform/', text: texts.nav.platform, icon: IconBuildings, needs: ['platform:manage'] },
  { href: '/dashboard/review/', text: texts.nav.review, icon: IconChecklist, needs: ['product:approve'] },
  { href: '/dashboard/information/', text: texts.nav.information, icon: IconInfoCircle, needs: ['product:view'] },
  { href: '/dashboard/insights/', text: texts.nav.insights, icon: IconChartBar, needs: ['product:view', 'usage:view'] },
  { href: '/dashboard/people/', text: texts.nav.people, icon: IconUsers, needs: ['user:manage'] },
  { href: '/dashboard/business/', text: texts.nav.business, icon: IconBuildingStore, needs: ['business:view'] },
  { href: '/dashboard/accounts/', text: texts.nav.accounts, icon: IconPlugConnected, needs: ['user:manage'] },
  { href: '/dashboard/log/', text: texts.nav.log, icon: IconTimeline, needs: ['audit:view', 'platform:manage'] },
];

export function placesFor(can: (permission: Permission) => boolean): Place[] {
  return PLACES.filter(({ needs }) => needs.some(can));
}
