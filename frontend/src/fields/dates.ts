// Dates and times as people type them.
import { tidyNumber } from '@/kit/number';
import { wallToInstant } from '@/locales/format';

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

function valid(year: number, month: number, day: number): string | undefined {
  const text = `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text ? text : undefined;
}

function shifted(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

const words: Record<string, number> = {
  今天: 0,
  明天: 1,
  后天: 2,
  昨天: -1,
  前天: -2,
  today: 0,
  tomorrow: 1,
  yesterday: -1,
};

/** A day near today that one tap fills in; the key names it in `common`. */
export interface QuickDay {
  key: 'today' | 'yesterday' | 'tomorrow' | 'inTwoDays' | 'nextMonday' | 'inAWeek';
  day: string;
}

/** The days that a field offers for quick picking; of two names for one day the first stays. */
export function quickDays(picks: unknown, today: string): QuickDay[] {
  const weekday = new Date(`${today}T00:00:00Z`).getUTCDay();
  const all: [QuickDay['key'], number][] =
    picks === 'ahead'
      ? [
          ['tomorrow', 1],
          ['inTwoDays', 2],
          ['nextMonday', (8 - weekday) % 7 || 7],
          ['inAWeek', 7],
        ]
      : picks === 'back'
        ? [
            ['today', 0],
            ['yesterday', -1],
          ]
        : [];
  const days = all.map(([key, days]) => ({ key, day: shifted(today, days) }));
  return days.filter((one, i) => days.findIndex((other) => other.day === one.day) === i);
}

/** A typed date: 2026-11-25, 20261125, 2026年11月25日, 11/25, Nov 25 2026, 明天, +3; undefined when it is none. */
export function readDate(text: string, today: string): string | undefined {
  const typed = text.normalize('NFKC').trim().toLowerCase();
  const word = words[typed];
  if (word !== undefined) return shifted(today, word);
  const ahead = /^([+-]\d{1,4})d?$/.exec(tidyNumber(typed));
  if (ahead) return shifted(today, Number(ahead[1]));
  const clean = tidyNumber(typed.replace(/[年月./]/g, '-').replace(/[日号]/g, ''));
  const full = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(clean) ?? /^(\d{4})(\d{2})(\d{2})$/.exec(clean);
  if (full) return valid(Number(full[1]), Number(full[2]), Number(full[3]));
  const short = /^(\d{1,2})-(\d{1,2})$/.exec(clean);
  if (short) return valid(Number(today.slice(0, 4)), Number(short[1]), Number(short[2]));
  const english = /^([a-z]{3})[a-z]*\.?\s+(\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(\d{4}))?$/.exec(typed);
  if (english)
    return valid(Number(english[3] ?? today.slice(0, 4)), months.indexOf(english[1] ?? '') + 1, Number(english[2]));
  const british = /^(\d{1,2})\s+([a-z]{3})[a-z]*\.?(?:\s+(\d{4}))?$/.exec(typed);
  if (british)
    return valid(Number(british[3] ?? today.slice(0, 4)), months.indexOf(british[2] ?? '') + 1, Number(british[1]));
  return undefined;
}

/** A typed time of day, 09:30, 9点半, 下午3:05, as "09:30:00"; undefined when it is none. */
export function readTime(text: string): string | undefined {
  const typed = tidyNumber(text.normalize('NFKC').trim().toLowerCase().replace(/：/g, ':'))
    .replace(/点半/, ':30')
    .replace(/点钟?/, ':')
    .replace(/时/, ':')
    .replace(/分/, ':')
    .replace(/秒/, '');
  const match = /^(上午|下午|晚上|中午|凌晨|早上)?(\d{1,2}):?(\d{2})?:?(\d{2})?:?(am|pm)?$/.exec(typed);
  if (!match) return undefined;
  let hour = Number(match[2]);
  const late = match[1] === '下午' || match[1] === '晚上' || match[5] === 'pm';
  if (late && hour < 12) hour += 12;
  if (match[5] === 'am' && hour === 12) hour = 0;
  const minute = Number(match[3] ?? 0);
  const second = Number(match[4] ?? 0);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return [hour, minute, second].map((n) => String(n).padStart(2, '0')).join(':');
}

/** A typed date and time in a zone as an instant; a date alone is its midnight. */
export function readDateTime(text: string, today: string, zone: string): string | undefined {
  const typed = text.normalize('NFKC').trim();
  if (/^\d{4}-\d{2}-\d{2}t\d{2}:\d{2}/i.test(typed) && /(z|[+-]\d{2}:\d{2})$/i.test(typed)) {
    const at = new Date(typed);
    return Number.isNaN(at.getTime()) ? undefined : at.toISOString().replace('.000Z', 'Z');
  }
  const date = readDate(typed, today);
  if (date) return wallToInstant(`${date} 00:00:00`, zone);
  // The time stands last: the longest date before it that can be read.
  for (const match of [...typed.matchAll(/[\s日号t]+/gi)].reverse()) {
    const cut = (match.index ?? 0) + match[0].length;
    const day = readDate(typed.slice(0, cut).replace(/[t\s]+$/i, ''), today);
    const time = readTime(typed.slice(cut));
    if (day && time) return wallToInstant(`${day} ${time}`, zone);
  }
  const time = readTime(typed);
  return time ? wallToInstant(`${today} ${time}`, zone) : undefined;
}
