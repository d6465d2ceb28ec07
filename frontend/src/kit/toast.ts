// Short messages about background work. They are kept outside React so that any
// code can raise one.

export interface Toast {
  id: number;
  text: string;
  tone: 'info' | 'success' | 'danger';
  action?: { label: string; run: () => void };
  /** Milliseconds; 0 stays until closed. */
  life: number;
}

export interface ToastOptions {
  tone?: Toast['tone'];
  action?: Toast['action'];
  life?: number;
}

let next = 1;
let toasts: Toast[] = [];
const listeners = new Set<() => void>();

function set(list: Toast[]) {
  toasts = list;
  for (const listener of listeners) listener();
}

/** Shows a message; returns its id. */
export function toast(text: string, options: ToastOptions = {}): number {
  const id = next++;
  const life = options.life ?? (options.action ? 10_000 : options.tone === 'danger' ? 8000 : 4000);
  // Said again it counts once. Three at a time: older ones are read or obsolete.
  const others = toasts.filter((one) => one.text !== text || one.action);
  set([...others.slice(-2), { id, text, tone: options.tone ?? 'info', action: options.action, life }]);
  return id;
}

/** A message with an undo button, 10 seconds long. */
export function toastUndo(text: string, label: string, undo: () => void): number {
  return toast(text, { tone: 'success', action: { label, run: undo }, life: 10_000 });
}

/** Says something else in a message that is still shown: how far its work has come. */
export function retextToast(id: number, text: string): void {
  set(toasts.map((one) => (one.id === id ? { ...one, text } : one)));
}

export function dismissToast(id: number): void {
  set(toasts.filter((one) => one.id !== id));
}

export const toastStore = {
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: () => toasts,
};
