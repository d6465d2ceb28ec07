import { fields } from './fields';
import { share } from './share';

// Texts of records: lists, forms, views, public links.
export default { fields, share } as const;
