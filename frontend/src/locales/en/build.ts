import type { Translation } from '..';
import type zh from '../zh/build';

const build: Translation<typeof zh> = {};
export default build;
