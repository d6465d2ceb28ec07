import type { Translation } from '..';
import type zh from '../zh/record';
import { fields } from './fields';
import { share } from './share';

const record: Translation<typeof zh> = { fields, share };
export default record;
