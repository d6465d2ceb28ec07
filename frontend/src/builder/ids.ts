// Keys that the builder gives: people can read them.
import { pinyin } from './pinyin';

// The server publishes the same list; a key on it is refused there too.
const reserved = new Set(
  (
    'record old it item vars inputs trigger webhook true false nil null and or not in contains matches let if else parent settings operation ' +
    'id rev created_at created_by updated_at updated_by owner deleted_at'
  ).split(' '),
);

/** Whether a text may be the key of a field, entity, rule or role. */
export function validKey(key: string): boolean {
  return /^[a-z][a-z0-9_]{0,39}$/.test(key) && !reserved.has(key) && !key.startsWith('zz_');
}

// Words that names of forms and fields are made of. Longer ones come first where
// one contains another.
const words: [string, string][] = Object.entries({
  客户: 'customer',
  联系人: 'contact',
  线索: 'lead',
  商机: 'deal',
  合同: 'contract',
  订单: 'order',
  产品: 'product',
  商品: 'product',
  供应商: 'supplier',
  员工: 'employee',
  部门: 'department',
  公司: 'company',
  项目: 'project',
  任务: 'task',
  报销: 'expense',
  费用: 'cost',
  发票: 'invoice',
  付款: 'payment',
  回款: 'payment',
  收款: 'receipt',
  采购: 'purchase',
  库存: 'stock',
  仓库: 'warehouse',
  设备: 'device',
  资产: 'asset',
  请假: 'leave',
  出差: 'trip',
  考勤: 'attendance',
  申请: 'request',
  审批: 'approval',
  报价: 'quote',
  跟进: 'follow_up',
  记录: 'record',
  明细: 'items',
  清单: 'list',
  工单: 'ticket',
  问题: 'issue',
  反馈: 'feedback',
  评分: 'score',
  名称: 'name',
  姓名: 'name',
  标题: 'title',
  编号: 'no',
  序号: 'no',
  单号: 'no',
  金额: 'amount',
  总额: 'total',
  合计: 'total',
  单价: 'price',
  价格: 'price',
  数量: 'qty',
  折扣: 'discount',
  税率: 'tax_rate',
  税额: 'tax',
  日期: 'date',
  时间: 'time',
  开始: 'start',
  结束: 'end',
  截止: 'due',
  状态: 'status',
  类型: 'type',
  类别: 'category',
  分类: 'category',
  级别: 'level',
  等级: 'level',
  来源: 'source',
  原因: 'reason',
  备注: 'remark',
  说明: 'note',
  描述: 'description',
  内容: 'content',
  负责人: 'owner_member',
  申请人: 'applicant',
  经办人: 'handler',
  审批人: 'approver',
  成员: 'member',
  性别: 'gender',
  年龄: 'age',
  生日: 'birthday',
  电话: 'phone',
  手机: 'mobile',
  邮箱: 'email',
  地址: 'address',
  地区: 'region',
  城市: 'city',
  省份: 'province',
  网址: 'website',
  网站: 'website',
  附件: 'file',
  图片: 'image',
  照片: 'photo',
  签名: 'signature',
  标签: 'tags',
  优先级: 'priority',
  进度: 'progress',
  阶段: 'stage',
  天数: 'days',
  小时: 'hours',
  重量: 'weight',
  规格: 'spec',
  型号: 'model',
  单位: 'unit',
  颜色: 'color',
  银行: 'bank',
  账号: 'account',
  汇率: 'rate',
  比例: 'ratio',
  成本: 'cost',
  利润: 'profit',
  收入: 'income',
  预算: 'budget',
  行业: 'industry',
  规模: 'size',
  职位: 'position',
  角色: 'role',
  结果: 'result',
  是否: 'is',
  完成: 'done',
  生效: 'active',
  启用: 'enabled',
});
words.sort((a, b) => b[0].length - a[0].length);

/** A key made of a name: its Latin words, common Chinese ones in English, the others by sound. */
export function slug(name: string): string {
  let text = ` ${name.toLowerCase()} `;
  for (const [zh, en] of words) text = text.replaceAll(zh, ` ${en} `);
  text = text.replace(/[\u4e00-\u9fa5]/g, (char) => ` ${pinyin(char)} `);
  const key = text
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[_0-9]+|_+$/g, '')
    .slice(0, 40)
    .replace(/_+$/, '');
  return key;
}

/** A key that is valid and not taken: the name's own words, else the fallback, numbered when needed. */
export function freshKey(name: string, fallback: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  let base = slug(name) || fallback;
  if (!validKey(base)) base = validKey(`${base}_1`) ? `${base.slice(0, 36)}_field` : fallback;
  if (!used.has(base) && validKey(base)) return base;
  for (let n = 2; ; n++) {
    const key = `${base.slice(0, 36)}_${n}`;
    if (!used.has(key)) return key;
  }
}
