import { fields } from './fields';
import { form } from './form';
import { record } from './records';
import { share } from './share';

// Texts of records: lists, forms, views, public links.
export default { fields, form, record, share } as const;
