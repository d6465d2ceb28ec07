import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { ErrorState, Skeleton, useTheme } from '@/kit';
import styles from './charts.module.css';
import { type Colors, readColors } from './colors';

export interface EChartProps {
  /** Draws with the colours of the theme. */
  option: (colors: Colors) => EChartsCoreOption;
  /** A mark was clicked: its place among the categories and the series. */
  onPick?: (category: number, series: number) => void;
  /** What the picture shows, for those who do not see it. */
  label: string;
}

type Engine = typeof import('./engine');

/** A picture by the chart library. */
export function EChart({ option, onPick, label }: EChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const [engine, setEngine] = useState<Engine | null>(null);
  const [failed, setFailed] = useState<unknown>(null);
  const { scheme } = useTheme();
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    let gone = false;
    import('./engine').then(
      (m) => !gone && setEngine(m),
      (e: unknown) => !gone && setFailed(e),
    );
    return () => {
      gone = true;
    };
  }, []);

  useEffect(() => {
    const node = box.current;
    if (!engine || !node) return;
    const made = engine.draw(node);
    chart.current = made;
    made.on('click', (e) => pick.current?.(e.dataIndex as number, e.seriesIndex ?? 0));
    const sizes = new ResizeObserver(() => made.resize());
    sizes.observe(node);
    return () => {
      sizes.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, [engine]);

  // The tokens change with the scheme.
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again for another theme
  const colors = useMemo(readColors, [scheme]);
  useEffect(() => {
    if (!engine) return;
    chart.current?.setOption(
      { textStyle: { fontFamily: colors.font }, animationDuration: 200, ...option(colors) },
      { notMerge: true },
    );
  }, [engine, option, colors]);

  if (failed) return <ErrorState compact error={failed} onRetry={() => location.reload()} />;
  return (
    <div className={styles.picture}>
      {!engine && <Skeleton className={styles.waiting} width="100%" height={120} />}
      <div ref={box} className={styles.canvas} role="img" aria-label={label} data-pick={onPick ? true : undefined} />
    </div>
  );
}
