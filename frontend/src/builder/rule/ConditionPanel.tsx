import { t } from '@/locales';
import { useBuilder, useDocs, usePreview } from '../context';
import { useFaults } from '../faults';
import panel from '../form/PropertyPanel.module.css';
import { ConditionRows } from '../panel/ConditionField';
import { hasBefore, ruleScope } from '../usage';
import type { RuleEdits } from './RuleEditor';

/** What must hold for the rule to do anything. */
export function ConditionPanel({ edits }: { edits: RuleEdits }) {
  const { rule, edit } = edits;
  const { parts } = useBuilder();
  const docs = useDocs();
  const preview = usePreview();
  const fault = useFaults({ doc: rule.id, path: ['condition'] })([]);
  return (
    <>
      <header className={panel.head}>
        <h2 className={panel.headName}>{t('build.condition')}</h2>
      </header>
      <div className={panel.body}>
        <section className={panel.part}>
          <p className={panel.quiet}>{t('build.rule.conditionHelp')}</p>
          <ConditionRows
            value={rule.condition ?? ''}
            onChange={(condition) =>
              edit(
                (r) => {
                  r.condition = condition || undefined;
                },
                t('build.did.condition'),
                'condition',
              )
            }
            scope={ruleScope(docs, rule, parts, '')}
            entity={rule.entity}
            others={rule.entity && hasBefore(rule) ? [{ name: 'old', entity: rule.entity }] : []}
            changes={hasBefore(rule)}
            server={{ entity: rule.entity, scope: 'rule', rule: rule.id }}
            runtime={preview}
            empty={t('build.rule.always')}
            live
          />
          {fault && <p className={panel.quiet}>{fault}</p>}
        </section>
      </div>
    </>
  );
}
