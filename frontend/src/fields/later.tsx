// Controls that are downloaded when a form first shows one: date pickers, rich
// text, signatures. Once there, they render without a flash.
import { type ComponentType, lazy, Suspense } from 'react';
import { Skeleton } from '@/kit/Skeleton';
import type { Preloadable } from './define';

/** A component that is downloaded on first use, or earlier by `preload`. */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  height = 32,
): ComponentType<P> & Preloadable {
  let ready: ComponentType<P> | undefined;
  let loading: Promise<ComponentType<P>> | undefined;
  const start = () => {
    loading ??= load().then(
      (component) => {
        ready = component;
        return component;
      },
      (error) => {
        // A failed download may be tried again.
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  const Lazy = lazy(async () => ({ default: await start() }));
  function Later(props: P) {
    if (ready) {
      const Ready = ready;
      return <Ready {...props} />;
    }
    return (
      <Suspense fallback={<Skeleton height={height} width="100%" />}>
        <Lazy {...props} />
      </Suspense>
    );
  }
  return Object.assign(Later, { preload: start, ready: () => ready !== undefined });
}
