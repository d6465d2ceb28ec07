// Text as people type and paste it.

/** Text without surrounding blanks, full-width ones included; null when nothing is left. */
export function tidyText(text: string, lines: boolean): string | null {
  const clean = (lines ? text.replace(/\r\n?/g, '\n') : text.replace(/[\r\n\t]+/g, ' ')).replace(/^[\s\u3000]+|[\s\u3000]+$/g, '');
  return clean === '' ? null : clean;
}
