// When a scheduled rule runs, as people choose it: the common cases by name, the
// rest as a cron expression.

export type Repeat = 'hour' | 'day' | 'workday' | 'week' | 'month' | 'cron';

export interface Schedule {
  repeat: Repeat;
  /** "09:00"; of an hourly schedule only the minutes count. */
  time: string;
  /** 0 is Sunday. */
  weekdays: number[];
  days: number[];
}

const two = (n: number) => String(n).padStart(2, '0');
const list = (text: string): number[] | null => {
  const out: number[] = [];
  for (const part of text.split(',')) {
    const range = /^(\d+)-(\d+)$/.exec(part);
    if (range) for (let n = Number(range[1]); n <= Number(range[2]); n++) out.push(n);
    else if (/^\d+$/.test(part)) out.push(Number(part));
    else return null;
  }
  return out;
};

/** What a cron expression says, when it is one of the common cases. */
export function readCron(cron: string): Schedule {
  const other: Schedule = { repeat: 'cron', time: '09:00', weekdays: [1], days: [1] };
  const [minute = '', hour = '', day = '', month = '', weekday = '', ...rest] = cron.trim().split(/\s+/);
  if (rest.length > 0 || month !== '*' || !/^\d+$/.test(minute)) return other;
  if (hour === '*' && day === '*' && weekday === '*')
    return { ...other, repeat: 'hour', time: `00:${two(Number(minute))}` };
  if (!/^\d+$/.test(hour)) return other;
  const time = `${two(Number(hour))}:${two(Number(minute))}`;
  if (day === '*' && weekday === '*') return { ...other, repeat: 'day', time };
  if (day === '*') {
    const days = list(weekday);
    if (!days) return other;
    if (days.join() === '1,2,3,4,5') return { ...other, repeat: 'workday', time };
    return { ...other, repeat: 'week', time, weekdays: days.map((d) => d % 7) };
  }
  const days = weekday === '*' ? list(day) : null;
  return days ? { ...other, repeat: 'month', time, days } : other;
}

/** The cron expression of a schedule. */
export function writeCron({ repeat, time, weekdays, days }: Schedule): string {
  const [hour = '9', minute = '0'] = time.split(':').map((p) => String(Number(p)));
  switch (repeat) {
    case 'hour':
      return `${minute} * * * *`;
    case 'workday':
      return `${minute} ${hour} * * 1-5`;
    case 'week':
      return `${minute} ${hour} * * ${[...weekdays].sort().join(',') || '1'}`;
    case 'month':
      return `${minute} ${hour} ${[...days].sort((a, b) => a - b).join(',') || '1'} * *`;
    default:
      return `${minute} ${hour} * * *`;
  }
}

export interface Offset {
  n: number;
  unit: 'm' | 'h' | 'd' | 'w';
  /** before: negative. */
  side: 'before' | 'at' | 'after';
}

/** "-3d" as parts. */
export function readOffset(text: string | undefined): Offset {
  const found = /^([+-]?)(\d+)([mhdw])$/.exec(text?.trim() ?? '');
  if (!found || Number(found[2]) === 0) return { n: 1, unit: 'd', side: 'at' };
  return { n: Number(found[2]), unit: found[3] as Offset['unit'], side: found[1] === '-' ? 'before' : 'after' };
}

export function writeOffset({ n, unit, side }: Offset): string {
  if (side === 'at' || n === 0) return '0m';
  return `${side === 'before' ? '-' : '+'}${Math.abs(Math.trunc(n))}${unit}`;
}
