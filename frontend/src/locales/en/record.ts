import type { Translation } from '..';
import type zh from '../zh/record';
import { fields } from './fields';
import { filter } from './filter';
import { form } from './form';
import { grid } from './grid';
import { list } from './list';
import { record } from './records';
import { share } from './share';

const area: Translation<typeof zh> = { fields, form, record, filter, grid, list, share };
export default area;
