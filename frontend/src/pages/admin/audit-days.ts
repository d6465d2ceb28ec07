import { timeZone, wallToInstant } from '@/locales/format';

/** The moments between which the reader's days lie, the last of them whole. */
export function instants(from: string | null, to: string | null, tz = timeZone()) {
  return {
    since: from ? wallToInstant(`${from} 00:00:00`, tz) : undefined,
    until: to ? wallToInstant(`${dayAfter(to)} 00:00:00`, tz) : undefined,
  };
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
