'use client';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { mayPass } from '../../lib/api/client';
import { startSettings } from '../../lib/settings';
import { Toaster } from '../ui/Toast';
import { AnalyticsUpdatesProvider } from '../../lib/live/AnalyticsUpdates';

// Before anything is written with numbers or dates in it.
if (typeof window !== 'undefined') startSettings();

const newQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // A service on this machine answers without a network; the browser's idea of "online" says nothing about it.
        networkMode: 'always',
        retry: (failures, error) => failures < 1 && mayPass(error),
        retryDelay: 800,
        staleTime: 10_000,
      },
    },
  });

export function Providers({ children }: { readonly children: ReactNode }) {
  const [client] = useState(newQueryClient);
  return (
    <QueryClientProvider client={client}>
      <AnalyticsUpdatesProvider>
        <Toaster>{children}</Toaster>
      </AnalyticsUpdatesProvider>
    </QueryClientProvider>
  );
}
