import { fields } from './fields';
import { form } from './form';
import { record } from './records';
import { filter } from './filter';
import { grid } from './grid';
import { list } from './list';
import { share } from './share';

// Texts of records: lists, forms, views, public links.
export default { fields, form, record, filter, grid, list, share } as const;
