import { ComputedInput } from '../ComputedInput';
import { computed } from '../computed';
import { defineField } from '../define';

export default defineField({ ...computed, type: 'formula', icon: 'formula', Input: ComputedInput });
