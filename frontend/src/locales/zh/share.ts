export const share = {
  closed: '这个链接已停用',
  closedHelp: '收集可能已经结束，请联系发给你链接的人。',
  password: '访问密码',
  passwordHelp: '向发给你链接的人索取',
  wrongPassword: '密码不对，请重试',
  enter: '进入',
  submitted: '已提交',
  thanks: '感谢填写，我们已经收到。',
  another: '再填一份',
  noRecords: '暂时没有可以显示的内容',
} as const;
