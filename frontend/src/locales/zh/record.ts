import { fields } from './fields';
import { filter } from './filter';
import { form } from './form';
import { grid } from './grid';
import { list } from './list';
import { record } from './records';
import { share } from './share';

// Texts of records: lists, forms, views, public links.
export default { fields, form, record, filter, grid, list, share } as const;
