// The expression language in the browser: live formulas, visibility and
// validation of forms over the trees of the runtime document.
export { type Env, evaluate, evaluateText, evaluateValue, holds, type Tree } from './evaluate';
export { functions } from './functions';
export { Fault, type Kind, Unsupported, type Value } from './value';
