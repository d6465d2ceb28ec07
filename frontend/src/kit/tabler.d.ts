declare module '@tabler/icons-react/dist/esm/icons/*.mjs' {
  import type { ForwardRefExoticComponent, RefAttributes, SVGProps } from 'react';

  const icon: ForwardRefExoticComponent<Omit<SVGProps<SVGSVGElement>, 'stroke'> & RefAttributes<SVGSVGElement> & { size?: number; stroke?: number }>;
  export default icon;
}
