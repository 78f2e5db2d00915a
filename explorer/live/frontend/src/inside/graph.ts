/** How a hidden layer is made of the one before it. */
export interface Made {
  /** Name of its values in the network. */
  name: string;
  /** The operation with weights, as ONNX calls it. */
  by: string;
  /** What is done to its result, in order: "ReLU". */
  steps: string[];
}

interface Node {
  kind: string;
  inputs: string[];
  outputs: string[];
}

// numbers of the fields that are read, as onnx.proto3 gives them
const MODEL = { graph: 7 };
const GRAPH = { node: 1, initializer: 5, input: 11, output: 12 };
const NODE = { input: 1, output: 2, kind: 4 };
const [TENSOR_NAME, VALUE_NAME] = [8, 1];

const WEIGHTED = new Set(["Gemm", "MatMul", "Conv", "ConvTranspose"]);
/** What changes the shape of numbers, not the numbers. */
const SHAPING = new Set(["Flatten", "Reshape", "Squeeze", "Unsqueeze", "Identity", "Cast"]);
/** With a constant, these scale and shift numbers. */
const SCALING = new Set(["Add", "Mul", "Sub", "Div"]);
const WORDS: Record<string, string> = {
  ...{ Relu: "ReLU", Add: "add x", Resize: "enlarge", Upsample: "enlarge" },
  ...Object.fromEntries(["Instance", "Group", "Layer", "Batch"].map((what) => [`${what}Normalization`, "normalise"])),
};
const LENGTH = 2; // the wire type of text, bytes and messages
const text = new TextDecoder();

/** Reads an integer of seven bits per byte; returns it and where it ends. */
function integer(bytes: Uint8Array, at: number): [value: number, end: number] {
  let value = 0;
  for (let factor = 1; ; factor *= 128) {
    value += (bytes[at] & 127) * factor;
    if (bytes[at++] < 128) return [value, at];
    if (at >= bytes.length) throw new Error("The network's file ends in the middle of a number.");
  }
}

/** The fields of a protobuf message that hold text, bytes or messages. */
function* fields(bytes: Uint8Array): Generator<[field: number, content: Uint8Array]> {
  for (let at = 0; at < bytes.length; ) {
    const [tag, start] = integer(bytes, at);
    const wire = tag % 8;
    if (wire === LENGTH) {
      const [size, from] = integer(bytes, start);
      at = from + size;
      yield [Math.floor(tag / 8), bytes.subarray(from, at)];
    } else at = wire === 0 ? integer(bytes, start)[1] : start + (wire === 1 ? 8 : 4);
  }
}

const all = (bytes: Uint8Array, field: number): Uint8Array[] => [...fields(bytes)].filter(([number]) => number === field).map(([, content]) => content);
const words = (bytes: Uint8Array, field: number): string[] => all(bytes, field).map((content) => text.decode(content));

function nodeOf(bytes: Uint8Array): Node {
  return { kind: words(bytes, NODE.kind)[0] ?? "", inputs: words(bytes, NODE.input), outputs: words(bytes, NODE.output) };
}

/**
 * The hidden layers of a network in order: what each operation with weights reads, but for the network's own input.
 *
 * Where such an operation reads numbers in a row, the layer is what they were before they were laid in one.
 */
export function hiddenLayers(onnx: ArrayBuffer): Made[] {
  const graph = all(new Uint8Array(onnx), MODEL.graph)[0];
  if (!graph) throw new Error("The network's file has no graph.");
  const fixed = new Set(all(graph, GRAPH.initializer).map((tensor) => words(tensor, TENSOR_NAME)[0]));
  const given = new Set(all(graph, GRAPH.input).map((value) => words(value, VALUE_NAME)[0]));
  const source = new Map<string, Node>();
  const layers = new Map<string, Made>();
  for (const node of all(graph, GRAPH.node).map(nodeOf)) {
    const read = node.inputs.filter((name) => name && !fixed.has(name));
    for (const name of node.outputs) read.length ? source.set(name, node) : fixed.add(name);
    if (!WEIGHTED.has(node.kind) || read.length !== 1) continue;
    let [name] = read;
    if (node.kind === "Gemm" || node.kind === "MatMul") name = beforeShaping(name, source);
    if (!given.has(name)) layers.set(name, made(name, source));
  }
  return [...layers.values()];
}

function beforeShaping(name: string, source: Map<string, Node>): string {
  for (let node = source.get(name); node && SHAPING.has(node.kind); node = source.get(name)) name = node.inputs[0];
  return name;
}

function made(layer: string, source: Map<string, Node>): Made {
  let name = layer;
  const steps: string[] = [];
  let node = source.get(name);
  for (; node && !WEIGHTED.has(node.kind); node = source.get(name)) {
    const inputs = node.inputs.filter((input) => source.has(input));
    const gate = node.kind === "Mul" ? inputs.map((input) => source.get(input)!).find(({ kind }) => kind === "Sigmoid") : undefined;
    if (gate) steps.push("SiLU");
    else if (!SHAPING.has(node.kind) && (inputs.length > 1 || !SCALING.has(node.kind))) steps.push(WORDS[node.kind] ?? node.kind.toLowerCase());
    // of a sum, the branch that was computed last
    name = (gate ? gate.inputs[0] : SHAPING.has(node.kind) ? node.inputs[0] : inputs.at(-1)) ?? "";
  }
  return { name: layer, by: node?.kind ?? "", steps: steps.reverse() };
}

/** A message's field as bytes: its tag, its length, its content. */
function field(number: number, content: Uint8Array): Uint8Array {
  const head: number[] = [];
  for (let rest of [8 * number + LENGTH, content.length]) {
    for (; rest > 127; rest = Math.floor(rest / 128)) head.push((rest % 128) + 128);
    head.push(rest);
  }
  return Uint8Array.of(...head, ...content);
}

/**
 * The same network, which gives the values called `names` as well.
 *
 * A message that occurs twice in a protobuf file is the two merged, lists one after the other: so a second graph with
 * nothing but outputs adds these to the first.
 */
export function withOutputs(onnx: ArrayBuffer, names: readonly string[]): ArrayBuffer {
  const outputs = names.map((name) => [...field(GRAPH.output, field(VALUE_NAME, new TextEncoder().encode(name)))]);
  const more = field(MODEL.graph, Uint8Array.from(outputs.flat()));
  const out = new Uint8Array(onnx.byteLength + more.length);
  out.set(new Uint8Array(onnx));
  out.set(more, onnx.byteLength);
  return out.buffer;
}
