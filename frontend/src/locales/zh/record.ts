import { share } from './share';

// Texts of records: lists, forms, views, public links.
export default { share } as const;
