// The marks of a score. Drawn here because the sprite's icons are lines, and a
// given mark is filled.
const paths: Record<string, string> = {
  star: 'M12 17.75l-6.172 3.245l1.179 -6.873l-5 -4.867l6.9 -1l3.086 -6.253l3.086 6.253l6.9 1l-5 4.867l1.179 6.873z',
  heart: 'M19.5 12.572l-7.5 7.428l-7.5 -7.428a5 5 0 1 1 7.5 -6.566a5 5 0 1 1 7.5 6.572',
  flag: 'M5 21v-16a5 5 0 0 1 7 0a5 5 0 0 0 7 0v9a5 5 0 0 1 -7 0a5 5 0 0 0 -7 0',
  trophy: 'M8 21h8M12 17v4M7 4h10v8a5 5 0 0 1 -10 0zM17 6h3v3a3 3 0 0 1 -3 3M7 6h-3v3a3 3 0 0 0 3 3',
};

export function Mark({ icon, on, size }: { icon: string; on: boolean; size: number }) {
  return (
    <svg
      viewBox="0 0 24 24"
      width={size}
      height={size}
      aria-hidden
      fill={on ? 'currentColor' : 'none'}
      stroke="currentColor"
      strokeWidth={on ? 1.2 : 1.8}
      strokeLinejoin="round"
      strokeLinecap="round"
    >
      <path d={paths[icon] ?? paths.star} />
    </svg>
  );
}
