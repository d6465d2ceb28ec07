import type { Translation } from '..';
import type zh from '../zh/record';
import { fields } from './fields';
import { form } from './form';
import { record } from './records';
import { filter } from './filter';
import { grid } from './grid';
import { list } from './list';
import { share } from './share';

const area: Translation<typeof zh> = { fields, form, record, filter, grid, list, share };
export default area;
