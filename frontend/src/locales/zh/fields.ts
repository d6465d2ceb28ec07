export const fields = {
  noAccess: '无权查看',
  untitled: '未命名',
  unknownPerson: '已移除的成员',
  notJoined: '未加入',
  noRecords: '还没有{name}',
} as const;
