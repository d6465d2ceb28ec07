import { ComputedInput } from '../ComputedInput';
import { computed } from '../computed';
import { defineField } from '../define';

export default defineField({ ...computed, type: 'lookup', icon: 'lookup', Input: ComputedInput });
