// Spans of dates by their first day.

const parse = (day: string) => new Date(`${day.slice(0, 10)}T00:00:00Z`);
const text = (at: Date) => at.toISOString().slice(0, 10);

/** The first day of the next span. */
export function nextBucket(day: string, bucket: string): string {
  const at = parse(day);
  switch (bucket) {
    case 'year':
      at.setUTCFullYear(at.getUTCFullYear() + 1);
      break;
    case 'quarter':
      at.setUTCMonth(at.getUTCMonth() + 3);
      break;
    case 'month':
      at.setUTCMonth(at.getUTCMonth() + 1);
      break;
    case 'week':
      at.setUTCDate(at.getUTCDate() + 7);
      break;
    default:
      at.setUTCDate(at.getUTCDate() + 1);
  }
  return text(at);
}

/** Every span from the first to the last one: a month without sales is a zero, not a gap. */
export function fillBuckets(days: string[], bucket: string, most = 400): string[] {
  const sorted = [...new Set(days.map((d) => d.slice(0, 10)))].sort();
  const last = sorted.at(-1);
  const out: string[] = [];
  for (let day = sorted[0]; day !== undefined && last !== undefined && day <= last; day = nextBucket(day, bucket)) {
    out.push(day);
    if (out.length > most) return sorted;
  }
  return out;
}
