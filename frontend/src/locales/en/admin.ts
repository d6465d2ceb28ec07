import type { Translation } from '..';
import type zh from '../zh/admin';

const admin: Translation<typeof zh> = {};
export default admin;
