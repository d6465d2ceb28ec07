import { app } from './builder/app';
import { form } from './builder/form';
import { frame } from './builder/frame';
import { rule } from './builder/rule';

// Texts of the builder.
export default { build: { ...frame, ...form, ...rule, ...app } } as const;
