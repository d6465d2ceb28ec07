import type { Translation } from '..';
import type * as zh from '../zh/share';

export const share: Translation<typeof zh.share> = {
  closed: 'This link is closed',
  closedHelp: 'It may have ended. Ask the person who sent it to you.',
  password: 'Password',
  passwordHelp: 'Ask the person who sent you the link',
  wrongPassword: 'Wrong password. Try again.',
  enter: 'Continue',
  submitted: 'Submitted',
  thanks: 'Thank you. We have received your answer.',
  another: 'Fill in another',
  noRecords: 'There is nothing to show yet',
};
