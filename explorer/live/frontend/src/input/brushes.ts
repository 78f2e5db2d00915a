import { button, Choice, h, slider } from "../ui/dom";
import type { Easel } from "./easel";

const COLOURS = ["#ffffff", "#000000", "#d7a87e", "#8d5a3c", "#e0b13a", "#c8443c", "#3f74c9", "#4c9a5a"];
const GREYS = ["#ffffff", "#aaaaaa", "#555555"];

/** Brush and eraser, width, colours, undo and clear. `changed` is called where the board has; it is blank after a clear. */
export function brushes(easel: Easel, colourful: boolean, largest: number, changed: (blank: boolean) => void): HTMLElement {
  const choice = new Choice<"brush" | "eraser">("what the pointer does", [["brush", "Brush"], ["eraser", "Eraser"]], "brush", (tool) => (easel.erasing = tool === "eraser"));
  const width = slider("width of the brush", { min: 0.6, max: largest, step: 0.1, value: easel.size }, (value) => (easel.size = value));
  width.title = "width of the brush, in pixels of the data";
  width.classList.add("width");
  const undo = () => easel.undo() && changed(false);
  easel.board.addEventListener("keydown", (event) => {
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    undo();
  });
  const clear = () => {
    easel.clear();
    changed(true);
  };
  return h(
    "div",
    { className: "brushes" },
    choice.root,
    h("label", { className: "brush-width" }, h("span", { className: "dot small" }), width, h("span", { className: "dot" })),
    palette(colourful ? COLOURS : GREYS, colourful, (colour) => {
      easel.colour = colour;
      easel.erasing = false;
      choice.set("brush");
    }),
    h("span", { className: "joined" }, button("Undo", undo, "take the last stroke back (Ctrl Z)"), button("Clear", clear, "start from a blank board")),
  );
}

/** Swatches of which one is chosen, and for colours a field for any other. */
function palette(colours: string[], any: boolean, use: (colour: string) => void): HTMLElement {
  const choose = (colour: string, chosen: Element) => {
    for (const other of root.querySelectorAll("[aria-pressed]")) other.setAttribute("aria-pressed", String(other === chosen));
    use(colour);
  };
  const swatches = colours.map((colour, i) => {
    const swatch = h("button", { type: "button", className: "swatch", title: `draw in ${colour}`, "aria-label": `draw in ${colour}`, "aria-pressed": String(i === 0) });
    swatch.style.background = colour;
    swatch.addEventListener("click", () => choose(colour, swatch));
    return swatch;
  });
  const root = h("span", { className: "palette", role: "group", "aria-label": "colours" }, ...swatches);
  if (!any) return root;
  const other = h("input", { type: "color", value: "#7a5cc0", title: "another colour", "aria-label": "another colour" });
  other.addEventListener("input", () => choose(other.value, other));
  root.append(other);
  return root;
}
