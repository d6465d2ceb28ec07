export interface Address {
  province?: string;
  city?: string;
  district?: string;
  street?: string;
}

/** Provinces with their cities and districts, in official order. */
export type Regions = [province: string, cities: Record<string, string>][];

/** An address in one line; a municipality's name once. */
export function addressText(value: Address | null | undefined): string {
  if (!value) return '';
  const { province = '', city = '', district = '', street = '' } = value;
  return province + (city === province ? '' : city) + district + street;
}

/** The value without blank parts; null when nothing is left. */
export function tidyAddress(value: Address): Address | null {
  const parts = Object.entries(value).filter(([, text]) => typeof text === 'string' && text.trim() !== '');
  return parts.length > 0 ? Object.fromEntries(parts) : null;
}

/** Names without their last word may be written: 浙江 for 浙江省. */
function starts(text: string, name: string): number {
  if (text.startsWith(name)) return name.length;
  const short = name.replace(/(特别行政区|(壮族|回族|维吾尔)?自治区|省|市|地区|自治州|盟|区|县)$/, '');
  return short.length >= 2 && text.startsWith(short) ? short.length : 0;
}

/** A whole address in its parts, null when it does not begin with a place that is known. */
export function splitAddress(text: string, regions: Regions): Address | null {
  const clean = text.normalize('NFKC').replace(/\s+/g, '').replace(/^中国/, '');
  for (const [province, cities] of regions) {
    const at = starts(clean, province);
    if (at === 0) continue;
    const rest = clean.slice(at);
    for (const [city, districts] of Object.entries(cities)) {
      // A municipality is its own only city and is seldom written twice.
      const length = starts(rest, city) || (city === province ? 0 : -1);
      if (length < 0 || (length === 0 && city !== province)) continue;
      const tail = rest.slice(length);
      const district = districts.split(' ').find((name) => name !== '' && starts(tail, name) > 0);
      return tidyAddress({ province, city, district, street: tail.slice(district ? starts(tail, district) : 0) });
    }
    return tidyAddress({ province, street: rest });
  }
  return null;
}
