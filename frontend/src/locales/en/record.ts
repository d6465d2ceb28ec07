import type { Translation } from '..';
import type zh from '../zh/record';
import { share } from './share';

const record: Translation<typeof zh> = { share };
export default record;
