import { locale } from '@/locales';

function part(language: string, zone: string, timeZoneName: 'longOffset' | 'longGeneric'): string {
  try {
    const parts = new Intl.DateTimeFormat(language, { timeZone: zone, timeZoneName }).formatToParts(new Date());
    return parts.find((p) => p.type === 'timeZoneName')?.value ?? '';
  } catch {
    // A zone that the server knows and this browser does not.
    return '';
  }
}

/**
 * Every time zone with how far it is from UTC now, to choose one from; a name in
 * the reader's language finds it too. The chosen one is there in any case.
 */
export function zoneOptions(chosen: string): { value: string; label: string; keywords: string }[] {
  return [...new Set([chosen, ...Intl.supportedValuesOf('timeZone')])].map((zone) => {
    const offset = part('en-US', zone, 'longOffset').replace('GMT', 'UTC');
    const name = zone.replaceAll('_', ' ');
    return { value: zone, label: offset ? `${name} (${offset})` : name, keywords: part(locale(), zone, 'longGeneric') };
  });
}
