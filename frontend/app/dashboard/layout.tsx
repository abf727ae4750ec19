import type { Metadata } from 'next';
import type { ReactNode } from 'react';
import { Frame } from '@/components/dashboard/Frame';

export const metadata: Metadata = { title: 'Dashboard' };

export default function Layout({ children }: { children: ReactNode }) {
  return <Frame>{children}</Frame>;
}
