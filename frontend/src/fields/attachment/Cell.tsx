export { FileCell as Cell } from '../FileCell';
