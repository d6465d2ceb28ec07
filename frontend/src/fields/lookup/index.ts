import { computed } from '../computed';
import { ComputedInput } from '../ComputedInput';
import { defineField } from '../define';

export default defineField({ ...computed, type: 'lookup', icon: 'lookup', Input: ComputedInput });
