// Rich text as it may be shown. The server sanitises what it stores; this is the
// second lock, for text that a page got by any other way.
const tags = new Set(
  'P,BR,B,STRONG,I,EM,U,S,DEL,A,UL,OL,LI,H1,H2,H3,H4,BLOCKQUOTE,PRE,CODE,HR,SPAN,DIV,TABLE,THEAD,TBODY,TR,TH,TD,IMG,SUB,SUP'.split(
    ',',
  ),
);

const addresses = /^(https?:|mailto:|tel:|\/(?!\/)|#)/i;

/** HTML with nothing in it that runs or reaches out. */
export function safeHtml(html: string): string {
  const doc = new DOMParser().parseFromString(html, 'text/html');
  clean(doc.body);
  return doc.body.innerHTML;
}

function clean(parent: Element): void {
  for (const node of [...parent.children]) {
    if (!tags.has(node.tagName)) {
      // Scripts and styles go with their content, unknown wrappers leave theirs.
      if (/^(SCRIPT|STYLE|IFRAME|OBJECT|EMBED|TEMPLATE|SVG|MATH|NOSCRIPT)$/i.test(node.tagName)) node.remove();
      else {
        clean(node);
        node.replaceWith(...node.childNodes);
      }
      continue;
    }
    for (const { name, value } of [...node.attributes]) {
      const keep =
        (name === 'href' && node.tagName === 'A' && addresses.test(value.trim())) ||
        (name === 'src' && node.tagName === 'IMG' && /^\/(?!\/)/.test(value)) ||
        ((name === 'alt' || name === 'width' || name === 'height') && node.tagName === 'IMG') ||
        ((name === 'colspan' || name === 'rowspan') && /^\d{1,3}$/.test(value)) ||
        name === 'data-align';
      if (!keep) node.removeAttribute(name);
    }
    if (node.tagName === 'A') {
      node.setAttribute('target', '_blank');
      node.setAttribute('rel', 'noreferrer noopener nofollow');
    }
    clean(node);
  }
}

/** The words of rich text on one line. */
export function htmlWords(html: string): string {
  const spaced = html.replace(/<br\s*\/?>|<\/(p|div|h[1-6]|li|tr|blockquote|pre)>/gi, ' ');
  const doc = new DOMParser().parseFromString(spaced, 'text/html');
  return (doc.body.textContent ?? '').replace(/\s+/g, ' ').trim();
}
