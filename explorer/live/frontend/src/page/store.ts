import { messageOf } from "../ui/dom";

/** How long the input must rest before the state is reported, in ms: sooner, what Python does would hold up the strips. */
const REST = 250;

/**
 * The state of a page. Views change it and listen by topic; Python hears of a state once it has come to rest, and only
 * if it is another than it knows.
 */
export abstract class Store<Topic extends string, State> {
  private readonly listeners = new Map<Topic, Set<(model: number) => void>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private known = "";

  constructor(
    private readonly report: (state: State) => void,
    readonly notice: (sentence: string) => void,
  ) {}

  /** Show why something failed. */
  readonly fail = (error: unknown): void => this.notice(messageOf(error));

  /** Everything that is worth keeping. */
  abstract state(): State;

  /** Listen to a topic, with the number of the model that it is about (−1: all of them). Returns what ends it. */
  on(topic: Topic, listener: (model: number) => void): () => void {
    let set = this.listeners.get(topic);
    if (!set) this.listeners.set(topic, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  emit(topic: Topic, model = -1): void {
    this.listeners.get(topic)?.forEach((listener) => listener(model));
  }

  /** Call while something changes; the state is reported when that has rested. */
  rest(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), REST);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  /** Python knows the state as it is now. */
  protected begin(): void {
    this.known = JSON.stringify(this.state());
  }

  /** Change one value, tell the listeners of `topic`, and report it once it rests. */
  protected put<K extends keyof this>(name: K, value: this[K], topic: Topic): void {
    this[name] = value;
    this.emit(topic);
    this.rest();
  }

  private settle(): void {
    const state = JSON.stringify(this.state());
    if (state === this.known) return;
    this.known = state;
    this.report(this.state());
  }
}

/** A whole number from `low` on and below `end`; undefined for anything else. */
export function wholeWithin(value: unknown, low: number, end: number): number | undefined {
  return Number.isInteger(value) && (value as number) >= low && (value as number) < end ? (value as number) : undefined;
}

/** A seed that was typed, as a whole number from 0 to 2³¹ − 1. */
export const seedOf = (value: number): number => Math.max(0, Math.min(2 ** 31 - 1, Math.round(value) || 0));
