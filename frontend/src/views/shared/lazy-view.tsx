import { type ComponentType, lazy, Suspense } from 'react';
import { SkeletonRows } from '@/kit';

/** A view that is downloaded when a list first shows one; rows stand in for it meanwhile. */
export function lazyView<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  const Lazy = lazy(async () => ({ default: await load() }));
  return function View(props: P) {
    return (
      <Suspense fallback={<SkeletonRows rows={12} columns={6} />}>
        <Lazy {...props} />
      </Suspense>
    );
  };
}
