import type { Translation } from '..';
import type zh from '../zh/record';
import { fields } from './fields';
import { form } from './form';
import { record } from './records';
import { share } from './share';

const area: Translation<typeof zh> = { fields, form, record, share };
export default area;
