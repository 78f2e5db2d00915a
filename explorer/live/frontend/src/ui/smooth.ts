import { h } from "./dom";

const KEY = "latent-explorer: smooth images";
const CLASS = "smooth";

/** Whether small images are shown smooth instead of in their pixels, as chosen in this browser. */
function chosen(): boolean {
  try {
    return localStorage.getItem(KEY) === "1";
  } catch {
    return false; // storage is blocked
  }
}

/** Show the images of a page as chosen. */
export const applySmoothness = (page: HTMLElement): void => void page.classList.toggle(CLASS, chosen());

/** A box that switches the page it is on between smooth images and pixels, and keeps the choice for all pages. */
export function smoothBox(): HTMLElement {
  const box = h("input", { type: "checkbox", checked: chosen() });
  box.addEventListener("change", () => {
    try {
      localStorage.setItem(KEY, box.checked ? "1" : "0");
    } catch {
      // it holds until the page is left
    }
    box.closest(".stage")?.classList.toggle(CLASS, box.checked);
  });
  return h("label", { className: "check", title: "show small images smooth, not in their pixels" }, box, " smooth");
}
