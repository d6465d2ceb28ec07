export { TagsCell as Cell } from '../TagsCell';
