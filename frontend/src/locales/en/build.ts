import type { Translation } from '..';
import type zh from '../zh/build';
import { app } from './builder/app';
import { form } from './builder/form';
import { frame } from './builder/frame';
import { rule } from './builder/rule';

const build: Translation<typeof zh> = { build: { ...frame, ...form, ...rule, ...app } };
export default build;
