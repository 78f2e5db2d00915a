import { describe, expect, it } from "vitest";
import { hiddenLayers, withOutputs } from "../../src/inside/graph";
import { formulaOf } from "../../src/inside/strips";

/** A protobuf field of text, bytes or a message, as the format's specification has it. */
const field = (number: number, content: Uint8Array | string | number[]): number[] => {
  const bytes = typeof content === "string" ? [...new TextEncoder().encode(content)] : [...content];
  const size = bytes.length < 128 ? [bytes.length] : [(bytes.length % 128) + 128, bytes.length >> 7];
  return [number * 8 + 2, ...size, ...bytes];
};
const node = (kind: string, inputs: string[], output: string) => field(1, [...inputs.flatMap((name) => field(1, name)), ...field(2, output), ...field(4, kind)]);
const weight = (name: string) => field(5, field(8, name));
const file = (...parts: number[][]) => Uint8Array.from([8, 9, ...field(7, [...parts.flat(), ...field(11, field(1, "x"))])]).buffer;

describe("the hidden layers of a network", () => {
  it("are what its weighted operations read, laid out as they were made", () => {
    const found = hiddenLayers(
      file(
        node("Conv", ["x", "w0"], "a"), node("Relu", ["a"], "b"),
        node("Flatten", ["b"], "flat"), node("Cast", ["w1.half"], "w1"), node("Gemm", ["flat", "w1", "bias"], "c"),
        node("Sigmoid", ["c"], "gate"), node("Mul", ["c", "gate"], "silu"), node("Gemm", ["silu", "w2"], "y"),
        ...["w0", "w1.half", "bias", "w2"].map(weight),
      ),
    );
    expect(found).toEqual([{ name: "b", by: "Conv", steps: ["ReLU"] }, { name: "silu", by: "Gemm", steps: ["SiLU"] }]);
  });

  it("of a residual block are named by all that is done to a convolution's result", () => {
    const found = hiddenLayers(
      file(
        node("Conv", ["x", "w0"], "a"), node("Reshape", ["a", "groups"], "g"), node("InstanceNormalization", ["g", "one", "zero"], "n"), node("Reshape", ["n", "back"], "whole"),
        node("Mul", ["whole", "scale"], "m"), node("Add", ["m", "shift"], "s"), node("Sigmoid", ["s"], "gate"), node("Mul", ["s", "gate"], "silu"),
        node("Conv", ["silu", "w1"], "b"), node("Add", ["a", "b"], "sum"), node("Resize", ["sum", "roi", "sizes"], "large"), node("Conv", ["large", "w2"], "y"),
        ...["w0", "w1", "w2", "groups", "one", "zero", "back", "scale", "shift", "roi", "sizes"].map(weight),
      ),
    );
    expect(found).toEqual([{ name: "silu", by: "Conv", steps: ["normalise", "SiLU"] }, { name: "large", by: "Conv", steps: ["add x", "enlarge"] }]);
  });

  it("are none of a linear map, whose only weights read the input", () => {
    expect(hiddenLayers(file(node("Flatten", ["x"], "flat"), node("Gemm", ["flat", "w"], "y"), weight("w")))).toEqual([]);
  });
});

it("adds outputs behind the file, which stays as it is", () => {
  const before = file(node("Relu", ["x"], "y"));
  const after = new Uint8Array(withOutputs(before, ["y", "long".repeat(50)]));
  expect([...after.subarray(0, before.byteLength)]).toEqual([...new Uint8Array(before)]);
  const outputs = [...field(12, field(1, "y")), ...field(12, field(1, "long".repeat(50)))];
  expect([...after.subarray(before.byteLength)]).toEqual(field(7, outputs));
});

it("says how a layer comes from the one before it", () => {
  expect([formulaOf("Gemm", ["ReLU"]), formulaOf("Conv", []), formulaOf("Conv", ["normalise", "SiLU"])]).toEqual(["h = max(0, W·h′ + b)", "h = w ∗ h′ + b", "h = f(w ∗ h′ + b),  f: normalise, SiLU"]);
});
