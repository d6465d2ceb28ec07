import type { Translation } from '..';
import type zh from '../zh/base';
import { auth } from './auth';
import { common, errors } from './common';
import { home } from './home';
import { hues, icons } from './names';
import { notifications, palette, shell, tasks } from './shell';

const base: Translation<typeof zh> = { common, errors, auth, shell, palette, notifications, tasks, home, icons, hues };
export default base;
