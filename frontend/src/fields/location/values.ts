import { tidyNumber } from '@/kit/number';

/** A point: degrees, and what people call it. */
export interface Place {
  lng: number | string;
  lat: number | string;
  label?: string;
}

export function placeText(value: Place | null | undefined): string {
  return value ? value.label || `${value.lng}, ${value.lat}` : '';
}

/** Typed degrees, longitude first; undefined when they are none. */
export function readPlace(text: string): Place | undefined {
  const [lng, lat, ...more] = text
    .trim()
    .split(/[,，\s]+/)
    .map((part) => Number(tidyNumber(part)));
  if (more.length > 0 || lng === undefined || lat === undefined || Number.isNaN(lng) || Number.isNaN(lat))
    return undefined;
  return Math.abs(lng) <= 180 && Math.abs(lat) <= 90 ? { lng, lat } : undefined;
}

/** A map of the place: the one that readers of the language use. */
export function mapUrl(value: Place, locale: string): string {
  return locale === 'zh-CN'
    ? `https://uri.amap.com/marker?position=${value.lng},${value.lat}&name=${encodeURIComponent(value.label ?? '')}&coordinate=wgs84`
    : `https://www.openstreetmap.org/?mlat=${value.lat}&mlon=${value.lng}#map=17/${value.lat}/${value.lng}`;
}
