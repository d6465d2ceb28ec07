/** The pages of one form, in the order of their tabs. */
export const formTabs = ['design', 'views', 'rules', 'roles', 'data'] as const;
export type FormTab = (typeof formTabs)[number];
