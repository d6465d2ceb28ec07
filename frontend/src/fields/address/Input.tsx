import { useId } from 'react';
import { FieldFrame } from '@/kit/FieldFrame';
import { Select } from '@/kit/Select';
import { TextInput } from '@/kit/TextInput';
import { t } from '@/locales';
import { controlProps, type InputProps, option } from '../define';
import styles from '../inputs.module.css';
import { useRegions } from './regions';
import { type Address, splitAddress, tidyAddress } from './values';

const levels = ['province', 'city', 'district', 'street'] as const;

/** Province, city, district, street; a pasted address fills them all. */
export function Input(props: InputProps<Address>) {
  const { value, onChange, field, autoFocus } = props;
  const { disabled, 'aria-label': _name, ...frame } = controlProps(props);
  const made = useId();
  const { regions, failed, retry } = useRegions();
  const depth = levels.indexOf(option(field, 'levels', 'street'));
  const address: Address = typeof value === 'string' ? { street: value } : (value ?? {});
  const cities = regions?.find(([name]) => name === address.province)?.[1] ?? {};
  const districts = (cities[address.city ?? ''] ?? '').split(' ').filter(Boolean);
  const set = (next: Address) => onChange(tidyAddress(next));
  const plain = (names: string[]) => names.map((name) => ({ value: name, label: name }));
  const fill = (text: string): boolean => {
    const parts = regions && splitAddress(text, regions);
    if (!parts?.city) return false;
    set(depth < 3 ? { ...parts, street: undefined } : parts);
    return true;
  };
  return (
    <FieldFrame {...frame} id={frame.id ?? made} group="group">
      {(ids) => (
        <div className={styles.stack}>
          <div className={styles.row}>
            <Select
              id={ids.id}
              searchable
              aria-label={t('fields.province')}
              placeholder={t('fields.province')}
              disabled={disabled}
              loading={!regions && !failed}
              clearable={!frame.required}
              options={plain(regions?.map(([name]) => name) ?? [])}
              empty={
                failed && (
                  <button type="button" className={styles.pill} onClick={retry}>
                    {t('common.retry')}
                  </button>
                )
              }
              value={address.province ?? null}
              onChange={(province) => {
                const only = Object.keys(regions?.find(([name]) => name === province)?.[1] ?? {});
                set({
                  ...address,
                  province: province ?? undefined,
                  city: only.length === 1 ? only[0] : undefined,
                  district: undefined,
                });
              }}
            />
            {depth >= 1 && (
              <Select
                searchable
                aria-label={t('fields.city')}
                placeholder={t('fields.city')}
                disabled={disabled || !address.province}
                options={plain(Object.keys(cities))}
                value={address.city ?? null}
                onChange={(city) => set({ ...address, city: city ?? undefined, district: undefined })}
              />
            )}
            {depth >= 2 && (
              <Select
                searchable
                aria-label={t('fields.district')}
                placeholder={t('fields.district')}
                disabled={disabled || districts.length === 0}
                options={plain(districts)}
                value={address.district ?? null}
                onChange={(district) => set({ ...address, district: district ?? undefined })}
              />
            )}
          </div>
          {depth >= 3 && (
            <TextInput
              autoFocus={autoFocus}
              aria-label={t('fields.street')}
              placeholder={t('fields.streetHint')}
              disabled={disabled}
              maxLength={500}
              value={address.street ?? ''}
              onChange={(street) => set({ ...address, street })}
              onPaste={(e) => {
                if (fill(e.clipboardData.getData('text'))) e.preventDefault();
              }}
            />
          )}
        </div>
      )}
    </FieldFrame>
  );
}
