// Makes the types of what Python exchanges, and builds the stage into a folder; with --check, makes both elsewhere and
// compares them.
import { build } from "esbuild";
import { compileFromFile } from "json-schema-to-typescript";
import { mkdtempSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const ORT = "node_modules/onnxruntime-web/dist";
const PLAIN = ["ort.wasm.min.mjs", "ort-wasm-simd-threaded.mjs", "ort.jspi.min.mjs", "ort-wasm-simd-threaded.jspi.mjs"];
const GZIPPED = ["ort-wasm-simd-threaded.wasm", "ort-wasm-simd-threaded.jspi.wasm"];

const TYPES = "src/schema.ts";

/** TypeScript types of `src/schema.json`, which `python -m scripts.schema` writes. */
async function types() {
  const bannerComment = "// What Python and the browser exchange, made from schema.json by `npm run build`. Do not edit.";
  const text = await compileFromFile("src/schema.json", { bannerComment, unreachableDefinitions: true, additionalProperties: false, style: { printWidth: 160 } });
  return text
    .replace(/( \*\n)? \* This interface was referenced by .*\n \* via .*\n/g, "")
    .replace(/^ *\/\*\*\n( *\* @m(in|ax)Items \d+\n)* *\*\/\n/gm, "")
    .replace(/export interface Schema \{[^}]*\}\n/, "");
}

async function buildInto(folder) {
  mkdirSync(folder, { recursive: true });
  for (const old of readdirSync(folder)) rmSync(join(folder, old));
  await build({
    entryPoints: {
      stage: "src/index.ts",
      samples: "src/samples.ts",
      compare: "src/compare.ts",
      gallery: "src/gallery.ts",
      lessons: "src/lessons.ts",
      deck: "src/deck.ts",
      standalone: "src/standalone.ts",
      replay: "src/replay.ts",
      training: "src/training.ts",
      worker: "src/engine/worker.ts",
    },
    outdir: folder,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    charset: "utf8",
    loader: { ".css": "text" },
    logLevel: "warning",
  });
  const withoutMap = (text) => text.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n");
  for (const name of PLAIN) writeFileSync(join(folder, name), withoutMap(readFileSync(join(ORT, name), "utf8")));
  for (const name of GZIPPED) {
    const packed = gzipSync(readFileSync(join(ORT, name)), { level: 9 });
    packed[9] = 255; // the header names no operating system, so that every machine writes the same bytes
    writeFileSync(join(folder, `${name}.gz`), packed);
  }
}

function differences(a, b) {
  const names = new Set([...readdirSync(a), ...readdirSync(b)]);
  const read = (folder, name) => {
    try {
      const bytes = readFileSync(join(folder, name));
      return name.endsWith(".gz") ? gunzipSync(bytes) : bytes; // zlib's own versions pack differently
    } catch {
      return null;
    }
  };
  return [...names].sort().filter((name) => {
    const [x, y] = [read(a, name), read(b, name)];
    return !x || !y || !x.equals(y);
  });
}

const args = process.argv.slice(2);
const target = args.at(-1);
if (args[0] === "--check") {
  if (readFileSync(TYPES, "utf8") !== (await types())) {
    console.error(`${TYPES} is not what src/schema.json makes. Run npm run build.`);
    process.exitCode = 1;
  }
  const fresh = mkdtempSync(join(tmpdir(), "stage-"));
  try {
    await buildInto(fresh);
    const changed = differences(fresh, target);
    if (changed.length) {
      console.error(`${target} is not what the sources build: ${changed.join(", ")}. Run npm run build.`);
      process.exitCode = 1;
    } else console.log("dist is what the sources build.");
  } finally {
    rmSync(fresh, { recursive: true });
  }
} else {
  writeFileSync(TYPES, await types());
  await buildInto(target);
}
