import { QRCodeSVG } from 'qrcode.react';
import { useMemo, useState } from 'react';
import { asProblem } from '@/api/client';
import { useCreateShare, useDeleteShare, useShares, useUpdateShare } from '@/api/queries/apps';
import type { RuntimeEntity, Share } from '@/api/types';
import {
  Button,
  confirm,
  Dialog,
  EmptyState,
  ErrorState,
  IconButton,
  MultiSelect,
  NumberInput,
  SkeletonText,
  Switch,
  TextInput,
  toast,
  useTheme,
} from '@/kit';
import { DateTimeInput } from '@/kit/DateInput';
import { t } from '@/locales';
import { formatDateTime } from '@/locales/format';
import { textOf } from '@/locales/text';
import styles from './share.module.css';

export interface ShareLinksProps {
  app: string;
  /** A form to fill, by its id, or one record to read. */
  target: { kind: 'form'; form: string } | { kind: 'record'; record: string };
  entity: RuntimeEntity;
  title: string;
  onClose: () => void;
}

const failed = (error: unknown) => toast(asProblem(error).message, { tone: 'danger' });

/** The public links of one form or record: made, copied, closed. */
export function ShareLinks({ app, target, entity, title, onClose }: ShareLinksProps) {
  const shares = useShares(app);
  const [making, setMaking] = useState(false);
  const [shown, setShown] = useState<string | null>(null);
  const mine = (shares.data ?? []).filter((one) =>
    target.kind === 'form'
      ? one.kind === 'form' && one.target === target.form
      : one.kind === 'record' && one.record === target.record,
  );
  if (making)
    return (
      <NewLink
        app={app}
        target={target}
        entity={entity}
        onClose={() => setMaking(false)}
        onMade={(made) => {
          setMaking(false);
          setShown(made.id);
        }}
      />
    );
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('share.linksOf', { name: title })}
      footer={
        <>
          <Button onClick={onClose}>{t('common.done')}</Button>
          <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>
            {t('share.newLink')}
          </Button>
        </>
      }
    >
      {shares.isError ? (
        <ErrorState compact error={shares.error} onRetry={() => shares.refetch()} />
      ) : shares.isPending ? (
        <SkeletonText lines={3} />
      ) : mine.length === 0 ? (
        <EmptyState
          compact
          icon="link"
          title={t('share.noLinks')}
          help={target.kind === 'form' ? t('share.noLinksForm') : t('share.noLinksRecord')}
        />
      ) : (
        <ul className={styles.links}>
          {mine.map((one) => (
            <Link
              key={one.id}
              app={app}
              link={one}
              open={shown === one.id}
              onOpen={(open) => setShown(open ? one.id : null)}
            />
          ))}
        </ul>
      )}
    </Dialog>
  );
}

/** What limits a link, in words. */
function limitsOf(link: Share): string {
  return [
    link.password && t('share.asksPassword'),
    link.from && t('share.opens', { time: formatDateTime(link.from) }),
    link.until && t('share.closes', { time: formatDateTime(link.until) }),
    link.kind === 'form' &&
      (link.quota ? t('share.usedOf', { n: link.used, max: link.quota }) : t('share.used', { n: link.used })),
    link.once && t('share.onceOnly'),
  ]
    .filter(Boolean)
    .join(' · ');
}

function Link({
  app,
  link,
  open,
  onOpen,
}: {
  app: string;
  link: Share;
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  const update = useUpdateShare(app);
  const remove = useDeleteShare(app);
  async function copy() {
    try {
      await navigator.clipboard.writeText(link.url);
      toast(t('common.copied'), { tone: 'success' });
    } catch {
      toast(t('record.linkNotCopied'));
    }
  }
  async function close() {
    const yes = await confirm({
      title: t('share.removeLink'),
      body: t('share.removeLinkHelp'),
      action: t('common.delete'),
      danger: true,
    });
    if (yes) remove.mutate(link.id, { onError: failed });
  }
  return (
    <li className={styles.link}>
      <div className={styles.row}>
        <Switch
          checked={link.enabled}
          aria-label={t('share.enabled')}
          onChange={(enabled) => update.mutate({ id: link.id, enabled }, { onError: failed })}
        />
        <a className={styles.url} href={link.url} target="_blank" rel="noreferrer" title={link.url}>
          {link.url}
        </a>
        <IconButton size="sm" icon="copy" label={t('share.copyLink')} onClick={() => void copy()} />
        <IconButton
          size="sm"
          icon="qr"
          label={t('share.qr')}
          active={open}
          aria-expanded={open}
          onClick={() => onOpen(!open)}
        />
        <IconButton size="sm" icon="trash" label={t('share.removeLink')} onClick={() => void close()} />
      </div>
      {limitsOf(link) && <p className={styles.limits}>{limitsOf(link)}</p>}
      {open && <Code url={link.url} />}
    </li>
  );
}

function Code({ url }: { url: string }) {
  const { scheme } = useTheme();
  // Codes are dark on light in every theme: scanners expect it.
  const colors = useMemo(() => {
    const style = getComputedStyle(document.documentElement);
    return {
      bg: style.getPropertyValue('--plate').trim(),
      fg: style.getPropertyValue(scheme === 'dark' ? '--canvas' : '--ink').trim(),
    };
  }, [scheme]);
  return (
    <div className={styles.code}>
      <QRCodeSVG value={url} size={160} bgColor={colors.bg} fgColor={colors.fg} title={t('share.qr')} />
    </div>
  );
}

function NewLink({
  app,
  target,
  entity,
  onClose,
  onMade,
}: Pick<ShareLinksProps, 'app' | 'target' | 'entity' | 'onClose'> & { onMade: (made: Share) => void }) {
  const create = useCreateShare(app);
  const readable = entity.fields.filter((f) => f.readable);
  const [password, setPassword] = useState('');
  const [from, setFrom] = useState<string | null>(null);
  const [until, setUntil] = useState<string | null>(null);
  const [quota, setQuota] = useState<number | null>(null);
  const [once, setOnce] = useState(false);
  const [fields, setFields] = useState<string[]>([]);
  const record = target.kind === 'record';

  function submit() {
    create.mutate(
      {
        ...(record
          ? { kind: 'record' as const, target: entity.id, record: target.record, fields }
          : { kind: 'form' as const, target: target.form, once, ...(quota ? { quota } : {}) }),
        ...(password ? { password } : {}),
        ...(from ? { from } : {}),
        ...(until ? { until } : {}),
      },
      { onSuccess: onMade, onError: failed },
    );
  }

  return (
    <Dialog
      opened
      onClose={onClose}
      title={t('share.newLink')}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="submit" variant="primary" loading={create.isPending} disabled={record && fields.length === 0}>
            {t('common.create')}
          </Button>
        </>
      }
    >
      {record && (
        <MultiSelect
          label={t('share.fields')}
          help={t('share.fieldsHelp')}
          searchable
          value={fields}
          onChange={setFields}
          options={readable.map((f) => ({ value: f.id, label: textOf(f.name) }))}
        />
      )}
      <TextInput
        label={t('share.password')}
        help={t('share.newPasswordHelp')}
        value={password}
        onChange={setPassword}
        autoComplete="off"
      />
      <div className={styles.pair}>
        <DateTimeInput label={t('share.from')} clearable value={from} onChange={setFrom} />
        <DateTimeInput label={t('share.until')} clearable value={until} onChange={setUntil} />
      </div>
      {!record && (
        <>
          <NumberInput
            label={t('share.quota')}
            help={t('share.quotaHelp')}
            value={quota}
            onChange={(n) => setQuota(n === null ? null : Math.max(1, Math.round(Number(n))))}
          />
          <Switch spread label={t('share.once')} checked={once} onChange={setOnce} />
        </>
      )}
    </Dialog>
  );
}
