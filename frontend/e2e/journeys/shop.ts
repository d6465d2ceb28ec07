// A small shop: customers, and orders with rows. What journeys about records work on.
import { type Api, type MadeApp, makeApp } from './app';
import type { Product } from './product';

export const shop = {
  name: '商店',
  menu: [
    { id: 'men_customers', name: '客户', entity: 'ent_customer' },
    { id: 'men_orders', name: '订单', entity: 'ent_order' },
  ],
  entities: [
    {
      id: 'ent_customer',
      key: 'customer',
      name: '客户',
      title: '{name}',
      fields: [
        { id: 'fld_name', key: 'name', name: '名称', type: 'text', required: true },
        {
          id: 'fld_level',
          key: 'level',
          name: '级别',
          type: 'select',
          options: {
            choices: [
              { key: 'a', label: '甲级', hue: 'green' },
              { key: 'b', label: '乙级', hue: 'blue' },
              { key: 'c', label: '丙级', hue: 'gray' },
            ],
          },
        },
        { id: 'fld_phone', key: 'phone', name: '电话', type: 'phone' },
        { id: 'fld_since', key: 'since', name: '合作日期', type: 'date' },
        { id: 'fld_note', key: 'note', name: '备注', type: 'long_text' },
        { id: 'fld_credit', key: 'credit', name: '信用额度', type: 'money' },
      ],
    },
    {
      id: 'ent_order',
      key: 'order',
      name: '订单',
      title: '{subject}',
      fields: [
        { id: 'fld_subject', key: 'subject', name: '主题', type: 'text', required: true },
        { id: 'fld_customer', key: 'customer', name: '客户', type: 'link', options: { entity: 'ent_customer' } },
        { id: 'fld_day', key: 'day', name: '日期', type: 'date' },
        {
          id: 'fld_status',
          key: 'status',
          name: '状态',
          type: 'select',
          options: {
            choices: [
              { key: 'open', label: '进行中', hue: 'blue' },
              { key: 'won', label: '已成交', hue: 'green' },
              { key: 'lost', label: '已取消', hue: 'gray' },
            ],
          },
        },
        {
          id: 'fld_items',
          key: 'items',
          name: '明细',
          type: 'subform',
          fields: [
            { id: 'fld_product', key: 'product', name: '品名', type: 'text', required: true },
            { id: 'fld_qty', key: 'qty', name: '数量', type: 'number' },
            { id: 'fld_price', key: 'price', name: '单价', type: 'money' },
            {
              id: 'fld_amount',
              key: 'amount',
              name: '金额',
              type: 'formula',
              options: { expr: '(qty ?? 0) * (price ?? 0)', result: 'number', format: 'money', scale: 2 },
            },
          ],
        },
        {
          id: 'fld_total',
          key: 'total',
          name: '合计',
          type: 'formula',
          options: { expr: 'sum(items, .amount)', result: 'number', format: 'money', scale: 2 },
        },
      ],
    },
  ],
  forms: [
    {
      id: 'frm_order',
      key: 'order',
      entity: 'ent_order',
      name: '订单',
      default: true,
      layout: ['fld_subject', 'fld_customer', 'fld_day', 'fld_status', 'fld_items', 'fld_total'].map((field) => ({
        type: 'field',
        field,
      })),
    },
  ],
  roles: [
    {
      id: 'rol_staff',
      key: 'staff',
      name: '员工',
      grants: ['ent_customer', 'ent_order'].map((entity) => ({ entity, ops: ['create', 'read', 'update', 'delete'] })),
    },
  ],
};

export function makeShop(api: Api, product: Product): Promise<MadeApp> {
  return makeApp(api, product, shop);
}

export async function makeCustomers(api: Api, app: MadeApp, names: string[]): Promise<{ id: string; rev: number }[]> {
  const made = await api.send<{ results: { id: string; rev: number }[] }>(
    'POST',
    `/apps/${app.id}/entities/customer/records/batch`,
    { ops: names.map((name) => ({ op: 'create', values: { name } })) },
  );
  return made.results;
}
