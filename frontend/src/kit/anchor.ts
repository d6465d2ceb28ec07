// Menus and popovers are many, and few are ever opened: what floats is made when
// it first opens. The control stays the element it was and is handed over then.
import {
  type ReactElement,
  type Ref,
  type RefCallback,
  useCallback,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';

type Controlled = ReactElement<{ ref?: Ref<HTMLElement> }>;

/**
 * The control of something that floats: a ref to give it, its element from the first
 * time on that the floating part is open, and whether that part may open now. The
 * library is there closed for a moment, else it would not know where the focus was.
 * What floats, known by its id, gives the focus back to its control when it closes,
 * unless somebody else has it by then: a press elsewhere closes and is not undone.
 */
export function useAnchor(
  control: Controlled,
  open: boolean,
  floating: string,
): [ref: RefCallback<HTMLElement>, anchor: HTMLElement | null, opened: boolean] {
  const [ready, setReady] = useState(false);
  const own = useRef<HTMLElement | null>(null);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  const given = control.props.ref;
  const ref = useCallback(
    (node: HTMLElement | null) => {
      own.current = node;
      if (typeof given === 'function') return given(node);
      if (given) given.current = node;
    },
    [given],
  );
  // Before the next paint, also when the control has become another element.
  useLayoutEffect(() => {
    if (open) setAnchor(own.current);
  });
  useEffect(() => {
    if (anchor) setReady(true);
  }, [anchor]);
  const was = useRef(false);
  // Before whatever opens in its place remembers who had the focus.
  useLayoutEffect(() => {
    const closes = was.current && !open;
    was.current = open;
    if (!closes) return;
    const at = document.activeElement;
    if (!at || at === document.body || document.getElementById(floating)?.contains(at))
      own.current?.focus({ preventScroll: true });
  }, [open, floating]);
  return [ref, anchor, open && ready];
}

/** Stands where the library expects the control inside of it. */
export function Anchor({ element, ref }: { element: HTMLElement; ref?: Ref<HTMLElement> }) {
  useLayoutEffect(() => {
    if (typeof ref === 'function') {
      ref(element);
      return () => {
        ref(null);
      };
    }
    if (ref) ref.current = element;
    return undefined;
  }, [element, ref]);
  return null;
}
