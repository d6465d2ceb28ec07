// The tokens as the chart library needs them: resolved colours.

const order = ['jade', 'blue', 'amber', 'violet', 'cyan', 'pink', 'green', 'orange', 'indigo', 'lime', 'red', 'gray'];

export interface Colors {
  ink: string;
  ink2: string;
  ink3: string;
  line: string;
  surface: string;
  raised: string;
  font: string;
  /** The n-th colour of a chart. */
  at: (n: number) => string;
  /** The strong colour of a hue. */
  hue: (name: string | undefined) => string | undefined;
}

/** The hue of the n-th mark of a chart. */
export const hueAt = (n: number) => order[n % order.length] as string;

/** Reads the tokens of the current theme. */
export function readColors(): Colors {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const solid = (hue: string) => token(`hue-${hue}-solid`);
  return {
    ink: token('ink'),
    ink2: token('ink-2'),
    ink3: token('ink-3'),
    line: token('line'),
    surface: token('surface'),
    raised: token('raised'),
    font: token('font'),
    at: (n) => solid(hueAt(n)),
    hue: (name) => (name && order.includes(name) ? solid(name) : undefined),
  };
}
