import type { Translation } from '..';
import type * as zh from '../zh/fields';

export const fields: Translation<typeof zh.fields> = {
  noAccess: 'No access',
  untitled: 'Untitled',
  unknownPerson: 'Former member',
  notJoined: 'Not joined yet',
  noRecords: 'No {name} yet',
};
