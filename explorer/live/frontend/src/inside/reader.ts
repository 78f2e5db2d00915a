import { h } from "../ui/dom";

/** What a node of the computation is, and what it holds now. */
export interface Reading {
  title: string;
  about: string;
  formula?: string;
  shape?: string;
  value?: string;
}

/** Says what the node under the pointer or the focus is: one place for all of them, so that nothing covers the picture. */
export class Reader {
  private readonly title = h("b", {});
  private readonly about = h("span", {});
  private readonly formula = h("code", {});
  private readonly facts = h("dl", {});
  readonly root = h("section", { className: "reader", "aria-live": "polite", "aria-label": "what this part is" }, h("p", {}, this.title, " ", this.about), this.formula, this.facts);
  private readonly nodes: HTMLElement[] = [];
  private current: { node: HTMLElement; read: () => Reading } | null = null;

  /** Make an element a node that is read when it is pointed at, focused or tapped; arrow keys go on to its neighbours. */
  attach<E extends HTMLElement>(node: E, label: string, read: () => Reading): E {
    node.classList.add("node");
    if (!node.matches("input, button")) {
      node.tabIndex = 0;
      node.setAttribute("role", "group");
      node.setAttribute("aria-label", label);
      node.addEventListener("keydown", (event) => this.step(node, event));
    }
    const show = () => {
      if (!this.current) return; // there is nothing to read yet
      this.root.classList.add("asked");
      this.show(node, read);
    };
    for (const kind of ["focusin", "pointerenter", "pointerdown"]) node.addEventListener(kind, show);
    this.nodes.push(node);
    return node;
  }

  /** The values have changed. */
  refresh(): void {
    if (this.current) this.show(this.current.node, this.current.read);
  }

  /** There are values: read this node until another one is pointed at. */
  begin(node: HTMLElement, read: () => Reading): void {
    if (!this.current?.node.isConnected) this.current = { node, read };
    this.refresh();
  }

  private show(node: HTMLElement, read: () => Reading): void {
    this.current?.node.classList.remove("read");
    this.current = { node, read };
    node.classList.add("read");
    const { title, about, formula = "", shape = "", value = "" } = read();
    put(this.title, title);
    put(this.about, about);
    put(this.formula, formula);
    this.formula.hidden = !formula;
    const facts = [["shape", shape], ["value", value]].filter(([, text]) => text);
    if (this.facts.textContent !== facts.flat().join(""))
      this.facts.replaceChildren(...facts.map(([name, text]) => h("div", {}, h("dt", {}, name), h("dd", { className: "figure" }, text))));
  }

  private step(node: HTMLElement, event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by || event.target !== node) return;
    const here = this.nodes.filter((other) => other.isConnected && other.checkVisibility() && !other.matches("input"));
    event.preventDefault();
    here[here.indexOf(node) + by]?.focus();
  }
}

/** Unchanged text is left alone: it would be read out again. */
function put(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
