// Written by tools/icons.mjs: the names of the sprite's icons.

/** Icons that a definition may name. */
export const definitionIconNames = [
  'app',
  'entity',
  'lead',
  'user',
  'users',
  'building',
  'phone',
  'mail',
  'link',
  'calendar',
  'clock',
  'money',
  'percent',
  'hash',
  'text',
  'paragraph',
  'list',
  'tag',
  'check',
  'star',
  'heart',
  'flag',
  'bell',
  'chart',
  'funnel',
  'table',
  'board',
  'form',
  'file',
  'image',
  'pen',
  'map',
  'pin',
  'globe',
  'gift',
  'truck',
  'tool',
  'ticket',
  'headset',
  'target',
  'trophy',
  'key',
  'lock',
  'gear',
  'filter',
  'search',
  'bolt',
  'robot',
  'message',
  'cart',
  'contract',
  'briefcase',
  'box',
  'layers',
  'megaphone',
  'survey',
  'pool',
  'refresh',
  'alert',
  'home',
  'json',
  'formula',
  'lookup',
  'rollup',
  'serial',
] as const;

export type DefinitionIcon = (typeof definitionIconNames)[number];

/** Icons of the interface itself. */
export type InterfaceIcon =
  | 'chevron-down'
  | 'chevron-right'
  | 'chevron-left'
  | 'chevron-up'
  | 'plus'
  | 'minus'
  | 'x'
  | 'dots'
  | 'dots-vertical'
  | 'grip'
  | 'external'
  | 'eye'
  | 'eye-off'
  | 'copy'
  | 'trash'
  | 'download'
  | 'upload'
  | 'arrow-left'
  | 'arrow-right'
  | 'arrow-up'
  | 'arrow-down'
  | 'sort-asc'
  | 'sort-desc'
  | 'sidebar'
  | 'grid'
  | 'sun'
  | 'moon'
  | 'device'
  | 'mobile'
  | 'language'
  | 'sign-out'
  | 'inbox'
  | 'todo'
  | 'tick'
  | 'circle'
  | 'dot'
  | 'info'
  | 'help'
  | 'error'
  | 'maximize'
  | 'minimize'
  | 'undo'
  | 'redo'
  | 'history'
  | 'share'
  | 'printer'
  | 'qr'
  | 'template'
  | 'excel'
  | 'columns'
  | 'selector'
  | 'toggle'
  | 'signature'
  | 'scan'
  | 'address'
  | 'command'
  | 'play'
  | 'pause'
  | 'bookmark'
  | 'at'
  | 'paperclip'
  | 'calculator'
  | 'tree'
  | 'row-height'
  | 'fit-width'
  | 'palette'
  | 'shield'
  | 'webhook'
  | 'database'
  | 'profile'
  | 'user-plus'
  | 'branch'
  | 'loop'
  | 'switch'
  | 'save'
  | 'variable'
  | 'sparkle'
  | 'archive'
  | 'focus'
  | 'zoom-in'
  | 'zoom-out'
  | 'color-fill'
  | 'group'
  | 'drag-rows'
  | 'line-dashed'
  | 'section'
  | 'tabs'
  | 'radio'
  | 'rating'
  | 'location'
  | 'plug'
  | 'phone-preview'
  | 'wand'
  | 'code'
  | 'bulb'
  | 'rotate'
  | 'ban'
  | 'send'
  | 'filter-off'
  | 'circle-plus'
  | 'boolean'
  | 'multi-select'
  | 'department'
  | 'link-many'
  | 'subform'
  | 'email';

export type IconName = DefinitionIcon | InterfaceIcon;
