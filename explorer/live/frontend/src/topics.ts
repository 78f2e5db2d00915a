/** Who wants to hear of what: views listen by topic, and are told which of several models it is about, if any. */
export class Topics<T extends string> {
  private readonly listeners = new Map<T, Set<(lane: number) => void>>();

  /** Returns what ends it. */
  on(topic: T, listener: (lane: number) => void): () => void {
    let set = this.listeners.get(topic);
    if (!set) this.listeners.set(topic, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  emit(topic: T, lane = -1): void {
    this.listeners.get(topic)?.forEach((listener) => listener(lane));
  }

  /** Nobody hears anything from now on. */
  hush(): void {
    this.listeners.clear();
  }
}
