export interface Disposable {
  dispose(): void;
  /** The colours of the page have changed. */
  theme?(): void;
}

/** A part of a page in one element, which cleans up when it is disposed of. */
export abstract class View {
  abstract readonly root: HTMLElement;
  private readonly cleanups: (() => void)[] = [];
  private readonly parts: Disposable[] = [];

  /** Call these on disposal, such as the functions that end subscriptions to a store. */
  protected onDispose(...cleanups: (() => void)[]): void {
    this.cleanups.push(...cleanups);
  }

  /** Dispose of a part with this view, and pass themes on to it. */
  protected own<T extends Disposable>(part: T): T {
    this.parts.push(part);
    this.onDispose(() => part.dispose());
    return part;
  }

  /** Act once an element has a size and whenever it changes. */
  protected onResize(element: Element, act: () => void): void {
    const observer = new ResizeObserver(act);
    observer.observe(element);
    this.onDispose(() => observer.disconnect());
  }

  theme(): void {
    for (const part of this.parts) part.theme?.();
  }

  dispose(): void {
    for (const cleanup of this.cleanups.splice(0)) cleanup();
  }
}

/** Call `act` at most once per frame. */
export function oncePerFrame(act: () => void): () => void {
  let pending = false;
  return () => {
    if (pending) return;
    pending = true;
    requestAnimationFrame(() => {
      pending = false;
      act();
    });
  };
}
