import { useEffect, useState } from 'react';
import { Tag } from '@/kit';
import { t } from '@/locales';
import { formatDateTime, formatDuration } from '@/locales/format';

const hour = 3_600_000;

/** What is left until a moment, or how long ago it passed, in the colour of its urgency. */
export function Countdown({ until }: { until: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const left = new Date(until).getTime() - now;
  // Whole minutes: seconds would look exact and be old.
  const time = formatDuration(Math.max(60_000, Math.floor(Math.abs(left) / 60_000) * 60_000));
  const words = left < 0 ? t('board.late', { time }) : t('board.left', { time });
  return (
    <span title={formatDateTime(until)}>
      <Tag hue={left < 0 ? 'red' : left < 24 * hour ? 'amber' : 'gray'}>{words}</Tag>
    </span>
  );
}
