// Writes the icon sprite and the list of its names. Icons are drawn by the
// browser from one cached file, so they cost no script. Run: npm run icons
import { writeFileSync } from 'node:fs';

const fromDefinitions = {
  app: 'Apps',
  entity: 'Cube',
  lead: 'UserSearch',
  user: 'User',
  users: 'Users',
  building: 'Building',
  phone: 'Phone',
  mail: 'Mail',
  link: 'Link',
  calendar: 'Calendar',
  clock: 'Clock',
  money: 'CashBanknote',
  percent: 'Percentage',
  hash: 'Hash',
  text: 'Typography',
  paragraph: 'AlignLeft',
  list: 'List',
  tag: 'Tag',
  check: 'CircleCheck',
  star: 'Star',
  heart: 'Heart',
  flag: 'Flag',
  bell: 'Bell',
  chart: 'ChartBar',
  funnel: 'Filter2',
  table: 'Table',
  board: 'LayoutKanban',
  form: 'Forms',
  file: 'FileText',
  image: 'Photo',
  pen: 'Pencil',
  map: 'Map',
  pin: 'MapPin',
  globe: 'World',
  gift: 'Gift',
  truck: 'Truck',
  tool: 'Tool',
  ticket: 'Ticket',
  headset: 'Headset',
  target: 'Target',
  trophy: 'Trophy',
  key: 'Key',
  lock: 'Lock',
  gear: 'Settings',
  filter: 'Filter',
  search: 'Search',
  bolt: 'Bolt',
  robot: 'Robot',
  message: 'Message',
  cart: 'ShoppingCart',
  contract: 'FileCertificate',
  briefcase: 'Briefcase',
  box: 'Box',
  layers: 'Stack2',
  megaphone: 'Speakerphone',
  survey: 'ClipboardList',
  pool: 'Droplet',
  refresh: 'Refresh',
  alert: 'AlertTriangle',
  home: 'Home',
  json: 'Braces',
  formula: 'MathFunction',
  lookup: 'ArrowMergeRight',
  rollup: 'Sum',
  serial: 'ListNumbers',
};

const fromInterface = {
  'chevron-down': 'ChevronDown',
  'chevron-right': 'ChevronRight',
  'chevron-left': 'ChevronLeft',
  'chevron-up': 'ChevronUp',
  plus: 'Plus',
  minus: 'Minus',
  x: 'X',
  dots: 'Dots',
  'dots-vertical': 'DotsVertical',
  grip: 'GripVertical',
  external: 'ExternalLink',
  eye: 'Eye',
  'eye-off': 'EyeOff',
  copy: 'Copy',
  trash: 'Trash',
  download: 'Download',
  upload: 'Upload',
  'arrow-left': 'ArrowLeft',
  'arrow-right': 'ArrowRight',
  'arrow-up': 'ArrowUp',
  'arrow-down': 'ArrowDown',
  'sort-asc': 'SortAscending',
  'sort-desc': 'SortDescending',
  sidebar: 'LayoutSidebar',
  grid: 'LayoutGrid',
  sun: 'Sun',
  moon: 'Moon',
  device: 'DeviceDesktop',
  mobile: 'DeviceMobile',
  language: 'Language',
  'sign-out': 'Logout',
  inbox: 'Inbox',
  todo: 'SquareCheck',
  tick: 'Check',
  circle: 'Circle',
  dot: 'CircleDot',
  info: 'InfoCircle',
  help: 'HelpCircle',
  error: 'CircleX',
  maximize: 'Maximize',
  minimize: 'Minimize',
  undo: 'ArrowBackUp',
  redo: 'ArrowForwardUp',
  history: 'History',
  share: 'Share',
  printer: 'Printer',
  qr: 'Qrcode',
  template: 'Template',
  excel: 'FileSpreadsheet',
  columns: 'Columns',
  selector: 'Selector',
  toggle: 'ToggleLeft',
  signature: 'Signature',
  scan: 'Scan',
  address: 'AddressBook',
  command: 'Command',
  play: 'PlayerPlay',
  pause: 'PlayerPause',
  bookmark: 'Bookmark',
  at: 'At',
  paperclip: 'Paperclip',
  calculator: 'Calculator',
  tree: 'Hierarchy',
  'row-height': 'LineHeight',
  'fit-width': 'ArrowsHorizontal',
  palette: 'Palette',
  shield: 'Shield',
  webhook: 'Webhook',
  database: 'Database',
  profile: 'UserCircle',
  'user-plus': 'UserPlus',
  branch: 'GitBranch',
  loop: 'Repeat',
  switch: 'Switch3',
  save: 'DeviceFloppy',
  variable: 'Variable',
  sparkle: 'Sparkles',
  archive: 'Archive',
  focus: 'Focus2',
  'zoom-in': 'ZoomIn',
  'zoom-out': 'ZoomOut',
  'color-fill': 'ColorSwatch',
  group: 'LayoutRows',
  'drag-rows': 'ArrowsMoveVertical',
  'line-dashed': 'LineDashed',
  section: 'LayoutNavbar',
  tabs: 'LayoutBottombar',
  radio: 'CircleDot',
  rating: 'Stars',
  location: 'CurrentLocation',
  plug: 'Plug',
  'phone-preview': 'DeviceMobile',
  wand: 'Wand',
  code: 'Code',
  bulb: 'Bulb',
  rotate: 'Rotate',
  ban: 'Ban',
  send: 'Send',
  'filter-off': 'FilterOff',
  'circle-plus': 'CirclePlus',
  boolean: 'ToggleRight',
  'multi-select': 'Checklist',
  department: 'Sitemap',
  'link-many': 'Affiliate',
  subform: 'TableRow',
  email: 'Mail',
};

async function symbol(name, source) {
  const { __iconNode: nodes } = await import(`@tabler/icons-react/dist/esm/icons/Icon${source}.mjs`);
  const shapes = nodes
    .map(
      ([tag, { key: _key, ...attributes }]) =>
        `<${tag} ${Object.entries(attributes)
          .map(([k, v]) => `${k}="${v}"`)
          .join(' ')}/>`,
    )
    .join('');
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
}

const all = { ...fromDefinitions, ...fromInterface };
const symbols = await Promise.all(Object.entries(all).map(([name, source]) => symbol(name, source)));
writeFileSync('src/kit/icons.svg', `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join('\n')}\n</svg>\n`);

const list = (names) => names.map((name) => `  '${name}',`).join('\n');
writeFileSync(
  'src/kit/icons.ts',
  `// Written by tools/icons.mjs: the names of the sprite's icons.

/** Icons that a definition may name. */
export const definitionIconNames = [
${list(Object.keys(fromDefinitions))}
] as const;

export type DefinitionIcon = (typeof definitionIconNames)[number];

/** Icons of the interface itself. */
export type InterfaceIcon =
${Object.keys(fromInterface)
  .map((name) => `  | '${name}'`)
  .join('\n')};

export type IconName = DefinitionIcon | InterfaceIcon;
`,
);
console.log(`${symbols.length} icons`);
