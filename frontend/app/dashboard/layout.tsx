import type { ReactNode } from 'react';
import { Frame } from '@/components/dashboard/Frame';

export default function Layout({ children }: { children: ReactNode }) {
  return <Frame>{children}</Frame>;
}
