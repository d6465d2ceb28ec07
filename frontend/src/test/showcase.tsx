// Every part of the kit in its states on one page, for eyes: `npm run dev`, then
// /kit.html. It is no entry of the build.
import { type ReactNode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { MemoryRouter } from 'react-router';
import {
  AppIcon,
  Avatar,
  Breadcrumbs,
  Button,
  Checkbox,
  confirm,
  Dialog,
  Drawer,
  EmptyState,
  hues,
  Icon,
  IconButton,
  Kbd,
  Menu,
  MultiSelect,
  Notice,
  NumberInput,
  PasswordInput,
  Popover,
  Progress,
  RadioGroup,
  SearchInput,
  Segmented,
  Select,
  SkeletonForm,
  Spinner,
  Switch,
  Table,
  Tabs,
  Tag,
  Textarea,
  TextInput,
  toast,
  toastUndo,
} from '@/kit';
import { Calendar, DateInput, DateTimeInput, TimeInput } from '@/kit/DateInput';
import { KitProvider } from '@/kit/KitProvider';
import { preferredLocale, setLocale } from '@/locales';

function Block({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section style={{ display: 'flex', flexDirection: 'column', gap: 12 }}>
      <h2 style={{ fontSize: 14, fontWeight: 600 }}>{title}</h2>
      {children}
    </section>
  );
}

const row = { display: 'flex', flexWrap: 'wrap', gap: 8, alignItems: 'center' } as const;
const grid = {
  display: 'grid',
  gridTemplateColumns: 'repeat(auto-fill, minmax(220px, 1fr))',
  gap: 16,
  alignItems: 'start',
} as const;
const stages = [
  { value: 'lead', label: '潜在', hue: 'gray' },
  { value: 'interest', label: '意向', hue: 'blue' },
  { value: 'first', label: '首次成交', hue: 'violet' },
  { value: 'care', label: '持续维护', hue: 'jade' },
  { value: 'asleep', label: '沉睡', hue: 'amber' },
];
const people = ['林晓', '周然', '何敏', '赵一', '孙婷', '吴昊', '郑洁', '王磊', '陈立', '刘洋'].map((name) => ({
  value: name,
  label: name,
  before: <Avatar name={name} />,
  description: '销售部',
}));

function Showcase() {
  const [text, setText] = useState('杭州云栖纺织有限公司');
  const [number, setNumber] = useState<number | string | null>(486200.5);
  const [stage, setStage] = useState<string | null>('care');
  const [many, setMany] = useState<string[]>(['first', 'care']);
  const [person, setPerson] = useState<string | null>('林晓');
  const [on, setOn] = useState(true);
  const [date, setDate] = useState<string | null>('2026-11-25');
  const [instant, setInstant] = useState<string | null>('2026-11-25T02:00:00Z');
  const [time, setTime] = useState<string | null>('09:30');
  const [tab, setTab] = useState<'a' | 'b' | 'c'>('a');
  const [seg, setSeg] = useState<'day' | 'week' | 'month'>('week');
  const [radio, setRadio] = useState<'x' | 'y'>('x');
  const [dialog, setDialog] = useState(false);
  const [drawer, setDrawer] = useState(false);
  return (
    <div style={{ height: '100%', overflow: 'auto', background: 'var(--surface)' }}>
      <div style={{ maxWidth: 1040, margin: '0 auto', padding: 24, display: 'flex', flexDirection: 'column', gap: 32 }}>
        <Breadcrumbs items={[{ label: '客户生命周期管理', to: '/' }, { label: '组件' }]} />
        <Block title="按钮">
          <div style={row}>
            <Button variant="primary">新增客户</Button>
            <Button icon="upload">导入</Button>
            <Button variant="plain" icon="filter">
              筛选
            </Button>
            <Button variant="plain" icon="filter" active>
              筛选 2
            </Button>
            <Button variant="danger" icon="trash">
              删除
            </Button>
            <Button variant="danger-solid">删除</Button>
            <Button variant="primary" loading>
              保存
            </Button>
            <Button disabled>停用</Button>
            <Button size="sm">小</Button>
            <Button size="lg" variant="primary">
              大
            </Button>
            <IconButton icon="bell" label="消息" badge={12} />
            <IconButton icon="dots" label="更多" bordered />
            <IconButton icon="star" label="收藏" active />
            <Spinner />
            <Kbd keys="mod+k" />
          </div>
          <div style={row}>
            <Menu
              items={[
                { label: '编辑', icon: 'pen', shortcut: 'mod+e' },
                { label: '复制一份', icon: 'copy' },
                { label: '移动到', icon: 'arrow-right', items: [{ label: '销售' }, { label: '服务', checked: true }] },
                { divider: true },
                { label: '删除', icon: 'trash', danger: true },
              ]}
            >
              <Button iconAfter="chevron-down">菜单</Button>
            </Menu>
            <Popover target={<Button>气泡</Button>}>
              <TextInput label="名称" value={text} onChange={setText} />
            </Popover>
            <Button onClick={() => setDialog(true)}>对话框</Button>
            <Button onClick={() => setDrawer(true)}>抽屉</Button>
            <Button
              onClick={() =>
                confirm({ title: '删除 3 条记录？', body: '可以在回收站恢复。', action: '删除', danger: true })
              }
            >
              确认
            </Button>
            <Button onClick={() => toastUndo('已删除 3 条记录', '撤销', () => toast('已恢复', { tone: 'success' }))}>
              提示
            </Button>
          </div>
        </Block>
        <Block title="输入">
          <div style={grid}>
            <TextInput label="客户名称" required value={text} onChange={setText} clearable />
            <TextInput label="联系电话" value="" onChange={() => {}} placeholder="11 位手机号" help="用于短信通知" />
            <TextInput label="邮箱" value="abc" onChange={() => {}} error="邮箱格式不对，应类似 name@example.com" />
            <TextInput label="停用" value="不可编辑" onChange={() => {}} disabled />
            <PasswordInput label="密码" value="secret-secret" onChange={() => {}} />
            <NumberInput label="累计成交" value={number} onChange={setNumber} scale={2} prefix="¥" />
            <NumberInput label="折扣" value={0.25} onChange={() => {}} percent />
            <SearchInput value="" onChange={() => {}} />
            <Select label="生命周期" options={stages} value={stage} onChange={setStage} clearable />
            <Select label="负责人" options={people} value={person} onChange={setPerson} />
            <MultiSelect label="标签" options={stages} value={many} onChange={setMany} />
            <Select label="空" options={[]} value={null} onChange={() => {}} error="请选择" required />
            <DateInput label="下次回访" value={date} onChange={setDate} />
            <DateTimeInput label="拜访时间" value={instant} onChange={setInstant} />
            <TimeInput label="时间" value={time} onChange={setTime} />
            <Textarea label="备注" value={'多行文字\n会随内容变高'} onChange={() => {}} />
          </div>
        </Block>
        <Block title="选择">
          <div style={{ ...row, gap: 24 }}>
            <Checkbox checked={on} onChange={setOn} label="在合作" />
            <Checkbox checked={false} indeterminate onChange={() => {}} label="部分选中" />
            <Checkbox checked={false} onChange={() => {}} disabled label="停用" />
            <Switch checked={on} onChange={setOn} label="启用规则" help="保存后立即生效" />
            <Switch checked={!on} onChange={(v) => setOn(!v)} label="关" />
            <RadioGroup
              value={radio}
              onChange={setRadio}
              options={[
                { value: 'x', label: '全部满足' },
                { value: 'y', label: '任一满足' },
              ]}
              aria-label="条件"
            />
            <Segmented
              aria-label="范围"
              value={seg}
              onChange={setSeg}
              options={[
                { value: 'day', label: '日' },
                { value: 'week', label: '周' },
                { value: 'month', label: '月' },
              ]}
            />
          </div>
          <Tabs
            aria-label="页签"
            value={tab}
            onChange={setTab}
            tabs={[
              { value: 'a', label: '动态' },
              { value: 'b', label: '联系人', count: 3 },
              { value: 'c', label: '审批', dot: true },
            ]}
          />
        </Block>
        <Block title="数据">
          <div style={row}>
            {hues.map((hue) => (
              <Tag key={hue} hue={hue}>
                {hue}
              </Tag>
            ))}
            <Tag hue="jade" onRemove={() => {}} removeLabel="移除">
              可移除
            </Tag>
          </div>
          <div style={row}>
            {people.map((p) => (
              <Avatar key={p.value} name={p.value} size={28} />
            ))}
            <Avatar name="John Smith" size={28} />
            <Avatar name="王磊" size={28} pending />
            <AppIcon icon="users" hue="jade" />
            <AppIcon icon="money" hue="amber" size={40} />
            <Icon name="chart" size={20} />
          </div>
          <Table
            label="客户"
            rowKey={(r) => r.name}
            selectedKey="苏州启明医疗器械"
            onRowClick={() => {}}
            rows={[
              { name: '杭州云栖纺织有限公司', stage: 'care', total: '¥486,200.00' },
              { name: '苏州启明医疗器械', stage: 'first', total: '¥559,771.00' },
              { name: '成都山海餐饮管理', stage: 'interest', total: '¥633,342.00' },
            ]}
            columns={[
              { key: 'name', title: '客户名称', render: (r) => r.name },
              {
                key: 'stage',
                title: '生命周期',
                render: (r) => {
                  const s = stages.find((x) => x.value === r.stage);
                  return <Tag hue={s?.hue}>{s?.label}</Tag>;
                },
              },
              { key: 'total', title: '累计成交', align: 'right', render: (r) => r.total },
            ]}
          />
        </Block>
        <Block title="状态">
          <Notice title="还有 2 处需要修改">公式「折后金额」引用了已删除的字段。</Notice>
          <Notice tone="success">已发布第 8 版</Notice>
          <Notice tone="warning">有 18 条记录不能转换</Notice>
          <Notice tone="danger" action={<Button size="sm">重试</Button>}>
            邮箱或密码不对，请重试。
          </Notice>
          <Progress value={0.42} label="导入" />
          <Progress label="处理中" />
          <div style={grid}>
            <EmptyState
              icon="user"
              title="还没有客户"
              help="新增第一位客户，或从 Excel 导入。"
              action={<Button variant="primary">新增客户</Button>}
              secondary={<Button variant="plain">导入</Button>}
            />
            <SkeletonForm fields={2} />
            <Calendar value={date} onChange={setDate} />
          </div>
        </Block>
      </div>
      <Dialog
        opened={dialog}
        onClose={() => setDialog(false)}
        title="新建视图"
        onSubmit={() => setDialog(false)}
        footer={
          <>
            <Button onClick={() => setDialog(false)}>取消</Button>
            <Button type="submit" variant="primary">
              创建
            </Button>
          </>
        }
      >
        <TextInput label="名称" value={text} onChange={setText} />
        <Select label="类型" options={stages} value={stage} onChange={setStage} />
      </Dialog>
      <Drawer
        opened={drawer}
        onClose={() => setDrawer(false)}
        title="字段设置"
        footer={<Button variant="primary">保存</Button>}
      >
        <TextInput label="名称" value={text} onChange={setText} />
        <Switch spread checked={on} onChange={setOn} label="必填" />
      </Drawer>
    </div>
  );
}

const root = document.getElementById('root');
if (root) {
  setLocale(preferredLocale()).then(() =>
    createRoot(root).render(
      <KitProvider>
        <MemoryRouter>
          <Showcase />
        </MemoryRouter>
      </KitProvider>,
    ),
  );
}
