export { ListActions } from './ListActions';
export { ListBody } from './ListBody';
export { ListToolbar } from './ListToolbar';
export { ListProvider, type ListState, useList, useListState } from './use-list';
export { ViewTabs } from './ViewTabs';
