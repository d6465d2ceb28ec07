import { useNavigate } from 'react-router';
import { asProblem } from '@/api/client';
import { IconButton, Notice, Switch, toast } from '@/kit';
import { t } from '@/locales';
import { textOf } from '@/locales/text';
import { useBuilder, useDocs } from '../context';
import { entityOf, info, rules } from '../model';
import { useRuleStates, useSwitchRuleState } from '../rule/rule-states';
import styles from './PhoneNotice.module.css';

/** On a phone the builder is read-only; rules can still be switched on and off. */
export function PhoneNotice() {
  const { app, base } = useBuilder();
  const docs = useDocs();
  const navigate = useNavigate();
  const states = useRuleStates(app.id);
  const toggle = useSwitchRuleState(app.id);
  const all = rules(docs);
  return (
    <div className={styles.page}>
      <header className={styles.bar}>
        <IconButton icon="arrow-left" label={t('build.leave')} onClick={() => navigate(base.replace(/\/edit$/, ''))} />
        <h1 className={styles.title}>{textOf(info(docs).name)}</h1>
      </header>
      <div className={styles.body}>
        <Notice title={t('build.phone.title')}>{t('build.phone.help')}</Notice>
        <h2 className={styles.heading}>{t('build.page.rules')}</h2>
        {all.length === 0 && <p className={styles.quiet}>{t('build.rule.none')}</p>}
        <ul>
          {all.map((rule) => {
            const state = states.data?.get(rule.id);
            return (
              <li key={rule.id} className={styles.rule}>
                <Switch
                  spread
                  label={textOf(rule.name)}
                  help={textOf(entityOf(docs, rule.entity)?.name)}
                  checked={state?.enabled ?? !rule.off}
                  disabled={!state}
                  onChange={(enabled) =>
                    toggle.mutate(
                      { id: rule.id, enabled },
                      { onError: (error) => toast(asProblem(error).message, { tone: 'danger' }) },
                    )
                  }
                />
              </li>
            );
          })}
        </ul>
      </div>
    </div>
  );
}
