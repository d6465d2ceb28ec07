/**
 * Opens a menu from a key: a moment later, because the key that opens it would
 * count as one outside of it and close it again.
 */
export function afterKey(open: () => void): void {
  setTimeout(open, 0);
}
