type Child = Node | string | null | undefined | false;
type Props<K extends keyof HTMLElementTagNameMap> = Partial<
  Omit<HTMLElementTagNameMap[K], "style" | "dataset" | "children">
> & { [aria: `aria-${string}`]: string; role?: string; for?: string; dataset?: Record<string, string> };

/** An element with properties and children. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  props: Props<K> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "dataset") Object.assign(element.dataset, value);
    else if (name.startsWith("aria-") || name === "role" || name === "for") element.setAttribute(name, String(value));
    else (element as unknown as Record<string, unknown>)[name] = value;
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return element;
}

/** An SVG element with attributes. */
export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number> = {}): SVGElementTagNameMap[K] {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** An icon from the path of a 16 × 16 drawing. */
export function icon(path: string): SVGSVGElement {
  const drawing = svg("svg", { viewBox: "0 0 16 16", "aria-hidden": "true", class: "icon" });
  drawing.append(svg("path", { d: path }));
  return drawing;
}

/** A coloured mark. */
export function swatch(colour: string, className = ""): HTMLElement {
  const mark = h("i", { className });
  mark.style.background = colour;
  return mark;
}

export function button(label: string, action: () => void, hint = ""): HTMLButtonElement {
  const element = h("button", { type: "button", title: hint }, label);
  element.addEventListener("click", action);
  return element;
}

interface Span {
  min: number;
  max: number;
  step: number | "any";
  value?: number;
}

/** A slider that reports its value as it moves. */
export function slider(label: string, { min, max, step, value }: Span, moved: (value: number) => void): HTMLInputElement {
  const element = h("input", { type: "range", min: String(min), max: String(max), step: String(step), "aria-label": label });
  if (value !== undefined) element.value = String(value);
  element.addEventListener("input", () => moved(element.valueAsNumber));
  return element;
}

/** Arrow keys move a slider by `step`, page keys by `page`, and with Shift by that divided by `fine`. */
export function stepByKeys(element: HTMLInputElement, step: number, page: number, move: (by: number) => void, fine = 10): void {
  const steps: Record<string, number> = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step, PageUp: page, PageDown: -page };
  element.addEventListener("keydown", (event) => {
    const by = steps[event.key];
    if (by === undefined) return;
    event.preventDefault();
    move(event.shiftKey ? by / fine : by);
  });
}

/** Radio buttons that look like one switch. */
export class Choice<T extends string> {
  readonly root: HTMLElement;
  private readonly inputs = new Map<T, HTMLInputElement>();

  constructor(label: string, options: readonly (readonly [T, string])[], value: T, changed: (value: T) => void) {
    const name = `choice-${Math.random().toString(36).slice(2)}`;
    this.root = h("div", { className: "choice", role: "radiogroup", "aria-label": label });
    for (const [key, text] of options) {
      const input = h("input", { type: "radio", name, checked: key === value });
      input.addEventListener("change", () => changed(key));
      this.inputs.set(key, input);
      this.root.append(h("label", {}, input, h("span", {}, text)));
    }
  }

  set(value: T): void {
    for (const [key, input] of this.inputs) input.checked = key === value;
  }
}

/** A menu of choices. */
export function menu(label: string, options: readonly (readonly [string, string])[], value: string, changed: (value: string) => void): HTMLSelectElement {
  const select = h("select", { "aria-label": label, title: label });
  for (const [key, text] of options) select.append(h("option", { value: key, selected: key === value }, text));
  select.addEventListener("change", () => changed(select.value));
  return select;
}

/** A number with a true minus sign, in a fixed number of decimals. */
export const figure = (value: number, decimals = 2): string =>
  Number.isFinite(value) ? value.toFixed(decimals).replace(/^-(?=0*\.?0*$)/, "").replace("-", "−") : "–";

export const calm = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** The message of an error. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
