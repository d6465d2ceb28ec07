import type { FilterProps } from '../define';
import { PeopleFilter } from '../PeopleFilter';

export function Filter(props: FilterProps) {
  return <PeopleFilter {...props} kind="department" />;
}
