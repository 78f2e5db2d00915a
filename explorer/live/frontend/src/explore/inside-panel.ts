import { fetchBytes } from "../engine/assets";
import { fromRgba } from "../engine/pixels";
import { type Given, Inside, type Subject } from "../inside/inside";
import { Library } from "../page/library";
import { keyed } from "../page/present";
import { View } from "../page/view";
import type { Relatives } from "../schema";
import { button, h } from "../ui/dom";
import type { ExploreStore } from "./store";

/** A button that opens the computation for the present image. */
export function insideButton(store: ExploreStore): HTMLButtonElement {
  if (store.model.code) {
    const inside = button("Inside", () => undefined, "Inside shows an AE, a VAE or a β-VAE; what a discrete code is made of is on this page.");
    inside.disabled = true;
    return inside;
  }
  return keyed("i", button("Inside", () => turn(store, true), "every step from the image to its code and back, with its values (key i)"));
}

function turn(store: ExploreStore, on: boolean): void {
  store.put("inside", on, "inside");
}

/** A view of Explore, and in its place, while that is wanted, the computation for the image that is selected in it. */
export class WithInside extends View {
  readonly root = h("div", {}, this.view.root);
  private panel: InsidePanel | null = null;

  constructor(private readonly store: ExploreStore, private readonly view: View) {
    super();
    this.own(view);
    this.onDispose(store.on("inside", () => this.turn()), () => this.panel?.dispose());
    this.turn();
  }

  override theme(): void {
    super.theme();
    this.panel?.theme();
  }

  private turn(): void {
    const { inside } = this.store;
    this.view.root.classList.toggle("set-aside", inside);
    this.view.root.inert = inside;
    this.panel?.dispose();
    this.panel?.root.remove();
    this.panel = inside ? new InsidePanel(this.store) : null;
    if (this.panel) this.root.append(this.panel.root);
  }
}

/** The computation for the visitor's own image, the selected test image, or what the sliders decode to. */
class InsidePanel extends View {
  readonly root: HTMLElement;
  private readonly inside: Inside;
  private libraries: Library[] = [];
  private turn = 0;

  constructor(private readonly store: ExploreStore) {
    super();
    const back = keyed("i", button("← Back", () => turn(store, false), "to the map and the sliders (key i)"));
    const other = keyed("t", button("Test image", () => this.another(), "another test image (key t)"));
    const alone = [{ title: store.model.name, library: store.library }];
    this.inside = this.own(new Inside(alone, 0, "computation", back, other));
    this.root = this.inside.root;
    this.onDispose(
      store.on("own", () => void this.present()),
      store.on("selected", () => void this.present()),
      () => this.libraries.forEach((library) => library.dispose()),
    );
    void this.present();
    void this.relatives().then((subjects) => subjects && this.inside.offer(subjects, subjects.findIndex(({ library }) => library === store.library)));
  }

  private another(): void {
    const { store } = this;
    const row = Math.floor(Math.random() * store.model.count);
    const z = store.codeOf(row);
    if (z) store.setZ(z, row);
  }

  private async present(): Promise<void> {
    const turn = ++this.turn;
    const given = await this.given();
    if (turn === this.turn) await this.inside.show(given);
  }

  private async given(): Promise<Given> {
    const { own, source, library, image, model } = this.store;
    if (own) return { x: own.image, row: null, about: "your image", label: this.store.label };
    if (source !== null) return Inside.stored(library, source);
    if (!image || !model.vision) return Inside.stored(library, 0);
    return { x: fromRgba(image, 1, model.imageShape), row: null, about: "decoded from your sliders", label: this.store.label };
  }

  /** Models of the same images, this one among them; null where there is no server to name them. */
  private async relatives(): Promise<Subject[] | null> {
    const { library, model, live: { appRoot } } = this.store;
    const bytes = await fetchBytes(`${library.base}relatives`).catch(() => null);
    if (!bytes || !this.root.isConnected) return null;
    const { models } = JSON.parse(new TextDecoder().decode(bytes)) as Relatives;
    return models.map(({ title, ...other }) => {
      if (other.name === model.name) return { title, library };
      const its = new Library(other, new URL(other.base, appRoot).href);
      this.libraries.push(its);
      return { title, library: its };
    });
  }
}
