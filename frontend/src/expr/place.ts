// Distances: only operations that IEEE 754 rounds alike everywhere, in the
// order of the server's code, so that both get the same bits.

const { sqrt, floor, PI } = Math;

function sine(x: number): number {
  const x2 = x * x;
  let s = 1;
  for (let k = 14; k >= 1; k--) s = 1 - (x2 / (2 * k * (2 * k + 1))) * s;
  return x * s;
}

function cosine(x: number): number {
  const x2 = x * x;
  let c = 1;
  for (let k = 14; k >= 1; k--) c = 1 - (x2 / ((2 * k - 1) * 2 * k)) * c;
  return c;
}

function arc(y: number, x: number): number {
  if (y > x) return PI / 2 - arc(x, y);
  if (y === 0) return 0;
  let t = y / x;
  for (let i = 0; i < 3; i++) t = t / (1 + sqrt(1 + t * t));
  const t2 = t * t;
  let s = 0;
  for (let k = 20; k >= 0; k--) s = 1 / (2 * k + 1) - t2 * s;
  return 8 * (t * s);
}

/** The great-circle distance in whole metres of two [latitude, longitude]. */
export function distanceMetres([lat1, lng1]: [number, number], [lat2, lng2]: [number, number]): number {
  const rad = PI / 180;
  const s = sine(((lat2 - lat1) * rad) / 2);
  const t = sine(((lng2 - lng1) * rad) / 2);
  const h = Math.min(s * s + cosine(lat1 * rad) * cosine(lat2 * rad) * t * t, 1);
  return floor(2 * 6371008.8 * arc(sqrt(h), sqrt(1 - h)) + 0.5);
}
