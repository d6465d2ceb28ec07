import { computed } from '../computed';
import { ComputedInput } from '../ComputedInput';
import { defineField } from '../define';

export default defineField({ ...computed, type: 'rollup', icon: 'rollup', Input: ComputedInput });
