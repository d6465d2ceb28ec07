// The one editor of conditions: views, row rights, rules, charts.

export { ConditionEditor, type ConditionEditorProps, type FormulaProps } from './ConditionEditor';
export * from './condition';
export { FieldPicker } from './FieldPicker';
export { arity, familyOf, operatorsOf } from './operators';
export { conditionText, incomplete, toExpr } from './print';
export { fromExpr } from './read';
export { plainValue, type Seen, SeenList, seenValue } from './SeenList';
export { useFilterNames } from './use-filter-names';
export { describe, exprText, formulaText, opText, pathText } from './words';
