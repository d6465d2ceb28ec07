import { describe, expect, it } from 'vitest';
import { presetOf, presets, withOp, withPreset } from './grants';

describe('grants', () => {
  it('presets are recognised again', () => {
    for (const preset of presets) expect(presetOf(withPreset(undefined, 'e', preset) ?? undefined)).toBe(preset);
  });

  it('rights bring along what they need', () => {
    expect(withOp(undefined, 'e', 'update', true)?.ops).toEqual(['read', 'update']);
    expect(withOp({ entity: 'e', ops: ['read', 'update', 'export', 'create'] }, 'e', 'read', false)?.ops).toEqual([
      'create',
    ]);
    expect(withOp({ entity: 'e', ops: ['read'] }, 'e', 'read', false)).toBeNull();
    expect(withOp(undefined, 'e', 'import', true)?.ops).toEqual(['create', 'import']);
  });

  it('a preset keeps the rules of fields', () => {
    const grant = { entity: 'e', ops: ['read' as const], fields: [{ field: 'f', rule: 'hidden' as const }] };
    expect(withPreset(grant, 'e', 'all')?.fields).toEqual(grant.fields);
    expect(withPreset({ ...grant, filter: 'x' }, 'e', 'view')?.filter).toBeUndefined();
  });
});
