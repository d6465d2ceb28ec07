import { computed } from '../computed';
import { ComputedInput } from '../ComputedInput';
import { defineField } from '../define';

export default defineField({ ...computed, type: 'formula', icon: 'formula', Input: ComputedInput });
