// Text as people type and paste it.

/** Text without surrounding blanks, full-width ones included; null when nothing is left. */
export function tidyText(text: string, lines: boolean): string | null {
  const clean = (lines ? text.replace(/\r\n?/g, '\n') : text.replace(/[\r\n\t]+/g, ' ')).replace(
    /^[\s\u3000]+|[\s\u3000]+$/g,
    '',
  );
  return clean === '' ? null : clean;
}

const yes = ['true', 'yes', 'y', '1', 'on', '是', '对', '有', '√', '✓', '✔', '☑'];
const no = ['false', 'no', 'n', '0', 'off', '否', '不', '无', '×', '✗', '☐'];

/** A typed yes or no: null for blank, undefined when it is neither. */
export function readBoolean(text: string): boolean | null | undefined {
  const word = text.normalize('NFKC').trim().toLowerCase();
  if (word === '') return null;
  return yes.includes(word) ? true : no.includes(word) ? false : undefined;
}
