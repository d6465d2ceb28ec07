import { auth } from './auth';
import { common, errors } from './common';
import { home } from './home';
import { hues, icons } from './names';
import { notifications, palette, shell, tasks } from './shell';

export default { common, errors, auth, shell, palette, notifications, tasks, home, icons, hues } as const;
