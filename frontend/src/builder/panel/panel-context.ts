import type { Field } from '@/api/types';
import type { Scope } from '../formula/refs';
import type { ServerCheck } from '../formula/use-check';
import type { Place } from '../model';

/** What the controls of an options panel need to know of the thing they belong to. */
export interface PanelScope {
  /** What expressions about the own record may name. */
  scope: Scope;
  /** How the server checks them. */
  server?: ServerCheck;
  /** The entity whose fields are offered where no sibling option names one. */
  entity?: string;
  /** The sub-form whose columns take the place of the entity's fields. */
  column?: Field;
  /** Fields that are not offered: the one that is edited. */
  exclude?: string;
  /** Where the options stand, for their faults. */
  place?: Place;
  /** Texts may hold expressions in braces. */
  templates?: boolean;
}
