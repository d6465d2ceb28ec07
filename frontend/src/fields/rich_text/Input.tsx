import { EditorContent, useEditor, useEditorState } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Button } from '@/kit/Button';
import { cx } from '@/kit/cx';
import { FieldFrame } from '@/kit/FieldFrame';
import { Icon } from '@/kit/Icon';
import inputStyles from '@/kit/input.module.css';
import { TextInput } from '@/kit/TextInput';
import { t } from '@/locales';
import { webAddress } from '../contacts';
import { controlProps, type InputProps } from '../define';
import { htmlWords, safeHtml } from '../safe-html';
import styles from './rich.module.css';

const extensions = [
  StarterKit.configure({
    link: { openOnClick: false, autolink: true, defaultProtocol: 'https' },
    heading: { levels: [2, 3] },
  }),
];

/** Text with headings, lists, emphasis and links. */
export function Input(props: InputProps<string>) {
  const { value, onChange, autoFocus, onBlur } = props;
  const { disabled, 'aria-label': ariaLabel, ...frame } = controlProps(props);
  const emitted = useRef(value ?? '');
  const change = useRef(onChange);
  change.current = onChange;
  const labelId = useId();
  const editor = useEditor({
    extensions,
    content: value ? safeHtml(value) : '',
    editable: !disabled,
    autofocus: autoFocus ? 'end' : false,
    editorProps: {
      attributes: {
        role: 'textbox',
        'aria-multiline': 'true',
        ...(ariaLabel ? { 'aria-label': ariaLabel } : { 'aria-labelledby': `${frame.id ?? labelId}-label` }),
      },
    },
    onUpdate: ({ editor: current }) => {
      const html = current.getHTML();
      // An empty editor leaves an empty paragraph.
      const next = htmlWords(html) === '' && !/<(img|hr)/.test(html) ? '' : html;
      emitted.current = next;
      change.current(next || null);
    },
    onBlur: () => onBlur?.(),
  });
  useEffect(() => {
    // Only a value that came from elsewhere replaces what is being typed.
    if (editor && (value ?? '') !== emitted.current) {
      emitted.current = value ?? '';
      editor.commands.setContent(value ? safeHtml(value) : '', { emitUpdate: false });
    }
  }, [editor, value]);
  useEffect(() => {
    editor?.setEditable(!disabled, false);
  }, [editor, disabled]);
  return (
    <FieldFrame {...frame} id={frame.id ?? labelId}>
      {(ids) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: hands the focus on to the text
        <div
          id={ids.id}
          tabIndex={-1}
          className={cx(inputStyles.box, styles.editor)}
          data-invalid={frame.error ? true : undefined}
          data-disabled={disabled || undefined}
          onFocus={(e) => {
            if (e.target === e.currentTarget) editor?.commands.focus('end');
          }}
        >
          {editor && !disabled && <Toolbar editor={editor} />}
          <EditorContent editor={editor} className={cx(styles.area, styles.prose)} />
        </div>
      )}
    </FieldFrame>
  );
}

type Editor = NonNullable<ReturnType<typeof useEditor>>;

function Toolbar({ editor }: { editor: Editor }) {
  const [link, setLink] = useState<string | null>(null);
  const on = useEditorState({
    editor,
    selector: ({ editor: e }) => ({
      bold: e.isActive('bold'),
      italic: e.isActive('italic'),
      strike: e.isActive('strike'),
      h2: e.isActive('heading', { level: 2 }),
      h3: e.isActive('heading', { level: 3 }),
      bullets: e.isActive('bulletList'),
      numbers: e.isActive('orderedList'),
      quote: e.isActive('blockquote'),
      link: e.isActive('link'),
      undo: e.can().undo(),
      redo: e.can().redo(),
    }),
  });
  const run = () => editor.chain().focus();
  const apply = () => {
    const href = link ? webAddress(link) : null;
    if (href) run().extendMarkRange('link').setLink({ href }).run();
    else run().extendMarkRange('link').unsetLink().run();
    setLink(null);
  };
  return (
    <>
      <div className={styles.bar} role="toolbar" aria-label={t('fields.formatting')}>
        <Tool label={t('fields.bold')} on={on.bold} press={() => run().toggleBold().run()}>
          <span className={styles.bold}>{'B'}</span>
        </Tool>
        <Tool label={t('fields.italic')} on={on.italic} press={() => run().toggleItalic().run()}>
          <span className={styles.italic}>{'I'}</span>
        </Tool>
        <Tool label={t('fields.strike')} on={on.strike} press={() => run().toggleStrike().run()}>
          <span className={styles.struck}>{'S'}</span>
        </Tool>
        <Tool label={t('fields.heading')} on={on.h2} press={() => run().toggleHeading({ level: 2 }).run()}>
          {'H1'}
        </Tool>
        <Tool label={t('fields.subheading')} on={on.h3} press={() => run().toggleHeading({ level: 3 }).run()}>
          {'H2'}
        </Tool>
        <Tool label={t('fields.bullets')} on={on.bullets} press={() => run().toggleBulletList().run()}>
          <Icon name="list" />
        </Tool>
        <Tool label={t('fields.numbered')} on={on.numbers} press={() => run().toggleOrderedList().run()}>
          {'1.'}
        </Tool>
        <Tool label={t('fields.quote')} on={on.quote} press={() => run().toggleBlockquote().run()}>
          <Icon name="section" />
        </Tool>
        <Tool
          label={t('fields.linkText')}
          on={on.link}
          press={() => setLink(link === null ? String(editor.getAttributes('link').href ?? '') : null)}
        >
          <Icon name="link" />
        </Tool>
        <Tool label={t('common.undo')} disabled={!on.undo} press={() => run().undo().run()}>
          <Icon name="undo" />
        </Tool>
        <Tool label={t('common.redo')} disabled={!on.redo} press={() => run().redo().run()}>
          <Icon name="redo" />
        </Tool>
      </div>
      {link !== null && (
        <div className={styles.linkbar}>
          <TextInput
            size="sm"
            autoFocus
            value={link}
            onChange={setLink}
            onEnter={apply}
            aria-label={t('fields.linkAddress')}
            placeholder={'https://'}
          />
          <Button size="sm" onClick={apply}>
            {t('common.confirm')}
          </Button>
        </div>
      )}
    </>
  );
}

function Tool({
  label,
  on,
  press,
  disabled,
  children,
}: {
  label: string;
  on?: boolean;
  press: () => void;
  disabled?: boolean;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className={styles.tool}
      title={label}
      aria-label={label}
      aria-pressed={on}
      disabled={disabled}
      // The selection stays in the text.
      onMouseDown={(e) => e.preventDefault()}
      onClick={press}
    >
      {children}
    </button>
  );
}
