import { messageOf } from "../ui/dom";
import { isPressed } from "../ui/press";

/** Pause of the input before the state is reported, in ms: Python's work would otherwise slow down the strips. */
const REST = 250;

/**
 * The state of a page. Views change it and listen by topic; it is reported to Python once it rests, if it has changed.
 */
export abstract class Store<Topic extends string, State> {
  private readonly listeners = new Map<Topic, Set<(model: number) => void>>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reported = "";

  constructor(private readonly report: (state: State) => void, readonly notice: (sentence: string) => void) {}

  /** Show why something failed. */
  readonly fail = (error: unknown): void => this.notice(messageOf(error));

  /** The state to report and keep. */
  abstract state(): State;

  /** Listen to a topic, with the index of the model it is about (−1: all). Returns a function that ends it. */
  on(topic: Topic, listener: (model: number) => void): () => void {
    let set = this.listeners.get(topic);
    if (!set) this.listeners.set(topic, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  emit(topic: Topic, model = -1): void {
    this.listeners.get(topic)?.forEach((listener) => listener(model));
  }

  /** Report the state once it rests, and the hand too: in the middle of a drag there is no request. */
  rest(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.settle(), REST);
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.listeners.clear();
  }

  /** Python has the current state. */
  protected begin(): void {
    this.reported = JSON.stringify(this.state());
  }

  /** Change one value, notify the listeners of `topic` and report the state once it rests. */
  put<K extends keyof this>(name: K, value: this[K], topic: Topic): void {
    this[name] = value;
    this.emit(topic);
    this.rest();
  }

  private settle(): void {
    if (isPressed()) return this.rest();
    const state = JSON.stringify(this.state());
    if (state === this.reported) return;
    this.reported = state;
    this.report(this.state());
  }
}

/** An integer in [low, end); undefined for anything else. */
export function wholeWithin(value: unknown, low: number, end: number): number | undefined {
  return Number.isInteger(value) && (value as number) >= low && (value as number) < end ? (value as number) : undefined;
}

/** A typed seed as an integer from 0 to 2³¹ − 1. */
export const seedOf = (value: number): number => Math.max(0, Math.min(2 ** 31 - 1, Math.round(value) || 0));
