import { useNavigate } from 'react-router';
import type { FaultItem } from '@/api/types';
import { cx, Icon } from '@/kit';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs } from '../context';
import { type Docs, parsePlace } from '../model';
import styles from './FaultList.module.css';

/** Where in the builder a fault can be mended, and what stands there. */
export function faultTarget(docs: Docs, fault: FaultItem): { to: string; name: string } {
  const { doc: id, path } = parsePlace(fault.path);
  const doc = docs[id];
  if (!doc) return { to: '', name: '' };
  const name = textOf(doc.body.name);
  switch (doc.kind) {
    case 'app':
      return { to: path[0] === 'params' ? 'app/params' : 'app/menu', name };
    case 'entity': {
      const field = path[0] === 'fields' ? doc.body.fields[Number(path[1])] : undefined;
      const column = field && path[2] === 'fields' ? field.fields?.[Number(path[3])] : undefined;
      const at = column ?? field;
      return {
        to: `forms/${id}/design${at ? `?field=${at.id}` : ''}`,
        name: at ? `${name} › ${textOf(at.name) || at.key}` : name,
      };
    }
    case 'form': {
      // The last step names a setting of the node.
      const node = path[0] === 'layout' ? path.slice(1, -1).join('.') : '';
      return { to: `forms/${doc.body.entity}/design?layout=${id}${node ? `&node=${node}` : ''}`, name };
    }
    case 'view':
      return { to: `forms/${doc.body.entity}/views/${id}`, name };
    case 'dashboard': {
      const widget = path[0] === 'widgets' ? doc.body.widgets[Number(path[1])] : undefined;
      return {
        to: `app/dashboards/${id}${widget ? `?widget=${widget.id}` : ''}`,
        name: widget ? `${name} › ${textOf(widget.title)}` : name,
      };
    }
    case 'rule':
      return { to: `app/rules/${id}`, name };
    case 'role':
      return { to: `app/roles/${id}`, name };
  }
}

/** Faults by what they are about; each leads to its place. */
export function FaultList({ faults, onJump }: { faults: readonly FaultItem[]; onJump?: () => void }) {
  const { base } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  return (
    <ul className={styles.list}>
      {faults.slice(0, 100).map((fault, i) => {
        const target = faultTarget(docs, fault);
        const words = (
          <span className={styles.words}>
            {target.name && <span className={styles.name}>{target.name}</span>}
            <span>{fault.message}</span>
          </span>
        );
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the same fault may stand at one place twice
          <li key={i}>
            {target.to ? (
              <button
                type="button"
                className={cx(styles.fault, styles.jump)}
                onClick={() => {
                  onJump?.();
                  navigate(`${base}/${target.to}`);
                }}
              >
                {words}
                <Icon name="chevron-right" size={14} />
              </button>
            ) : (
              <div className={styles.fault}>{words}</div>
            )}
          </li>
        );
      })}
    </ul>
  );
}
