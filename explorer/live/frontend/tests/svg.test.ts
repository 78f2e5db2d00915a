import { describe, expect, it } from "vitest";
import { SvgContext } from "../src/save/svg";

const parsed = (svg: SvgContext): Document => new DOMParser().parseFromString(svg.text(), "image/svg+xml");

describe("drawing by the calls of a canvas context", () => {
  it("keeps text as text, whatever it says", () => {
    const svg = new SvgContext(100, 50);
    svg.textAlign = "right";
    svg.fillText('z₁ < "σ" & more', 90, 20);
    svg.strokeText("halo", 0, 0);
    for (const [, tag] of svg.text().matchAll(/<([^>]*)>/g)) {
      const names = [...tag.matchAll(/([\w-]+)="/g)].map((match) => match[1]);
      expect(new Set(names).size, tag).toBe(names.length);
    }
    const text = parsed(svg).querySelector("text")!;
    expect(text.textContent).toBe('z₁ < "σ" & more');
    expect([text.getAttribute("x"), text.getAttribute("text-anchor")]).toEqual(["90", "end"]);
  });

  it("makes discs, ellipses and lines that begin and end where they should", () => {
    const svg = new SvgContext(100, 100);
    svg.translate(10, 0);
    svg.beginPath();
    svg.arc(20, 30, 5);
    svg.fillStyle = "red";
    svg.fill();
    svg.beginPath();
    svg.lineTo(0, 0);
    svg.lineTo(1.234, 5.678);
    svg.setLineDash([5, 5]);
    svg.stroke();
    const [disc, line] = [...parsed(svg).querySelectorAll("path")];
    expect(disc.getAttribute("d")).toBe("M25 30A5 5 0 1 1 35 30A5 5 0 1 1 25 30");
    expect(disc.getAttribute("fill")).toBe("red");
    expect(line.getAttribute("d")).toBe("M10 0L11.23 5.68");
    expect(line.getAttribute("stroke-dasharray")).toBe("5 5");
  });

  it("cuts a part off at its box and goes on where it was", () => {
    const svg = new SvgContext(100, 100);
    svg.translate(7, 0);
    svg.within({ left: 10, top: 20, width: 30, height: 40 } as DOMRect, () => svg.fillRect(0, 0, 1, 1));
    svg.fillRect(0, 0, 2, 2);
    const inner = parsed(svg).querySelector("svg > svg")!;
    expect(["x", "y", "width", "height"].map((name) => inner.getAttribute(name))).toEqual(["17", "20", "30", "40"]);
    const [first, second] = [...parsed(svg).querySelectorAll("rect")];
    expect([first.getAttribute("x"), second.getAttribute("x")]).toEqual(["0", "7"]);
  });

  it("fills with gradients", () => {
    const svg = new SvgContext(10, 10);
    const gradient = svg.createLinearGradient(0, 0, 10, 0);
    gradient.addColorStop(0, "#000");
    gradient.addColorStop(1, "#fff");
    svg.fillStyle = gradient;
    svg.fillRect(0, 0, 10, 2);
    const found = parsed(svg);
    expect(found.querySelectorAll("stop")).toHaveLength(2);
    expect(found.querySelector("rect")!.getAttribute("fill")).toBe(`url(#${found.querySelector("linearGradient")!.id})`);
  });
});
