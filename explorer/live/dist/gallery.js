function E(a){if(typeof a=="string")return a;let e=globalThis.addressesOf??=new WeakMap,t=e.get(a);return t||e.set(a,t=URL.createObjectURL(a)),t}async function $(a){if(globalThis.inlinedFiles)return globalThis.inlinedFiles.assets;let e=t=>new URL(t,a).href;return{worker:e("worker.js"),cpu:{ort:e("ort.wasm.min.mjs"),glue:e("ort-wasm-simd-threaded.mjs"),wasm:e("ort-wasm-simd-threaded.wasm")},gpu:{ort:e("ort.jspi.min.mjs"),glue:e("ort-wasm-simd-threaded.jspi.mjs"),wasm:e("ort-wasm-simd-threaded.jspi.wasm")}}}var Z=400;async function q(a,e=!0){let t;try{t=await fetch(a)}catch{if(!e)throw new Error("The server does not answer; check the connection and reload the page.");return await new Promise(n=>setTimeout(n,Z)),q(a,!1)}if(!t.ok)throw new Error(await ee(t));return t}async function f(a){return globalThis.inlinedFiles?globalThis.inlinedFiles.bytes(a):(await q(a)).arrayBuffer()}async function ee(a){let e=(await a.text().catch(()=>"")).trim();return a.headers.get("content-type")?.startsWith("text/plain")&&e&&e.length<400?e:`The server answered ${a.status}; reload the page.`}function b(a,e,[t,n,r],i=255){return t===1?te(a,e*n*r,i):re(a,e,n*r,i)}function te(a,e,t){let n=new Uint32Array(e);for(let r=0;r<e;r++){let i=a[r]*t,o=i>0?i<255?i+.5|0:255:0;n[r]=4278190080|o*65793}return new Uint8ClampedArray(n.buffer)}function re(a,e,t,n){let r=new Uint8ClampedArray(e*t*4);for(let i=0,o=0;i<e;i++){let s=i*3*t;for(let d=s;d<s+t;d++,o+=4)r[o]=a[d]*n,r[o+1]=a[d+t]*n,r[o+2]=a[d+2*t]*n,r[o+3]=255}return r}async function L(a,e,t){let n=t==="webgpu"?a.gpu:a.cpu;if(!n)throw new Error("This page has no runtime for a GPU.");let r=await import(E(n.ort));r.env.logLevel="error";let[i,{wasm:o}]=[E(n.glue),n];typeof o=="string"?r.env.wasm.wasmPaths={mjs:i,wasm:o}:[r.env.wasm.wasmPaths,r.env.wasm.wasmBinary]=[{mjs:i},o],r.env.wasm.numThreads=1;let s=await r.InferenceSession.create(new Uint8Array(e),{executionProviders:[t],logSeverityLevel:3});return{ort:r,session:s}}function D({ort:a,session:e},t,n,r,i,o){let s={[t]:new a.Tensor("float32",n,r)},[d]=r;e.inputNames.includes("beta")&&(s.beta=new a.Tensor("float32",new Float32Array(d).fill(i),[d,1]));let p=e.inputNames.indexOf("label");if(p>=0){let m=e.inputMetadata[p],c=m.isTensor?Number(m.shape[1]):0;s.label=new a.Tensor("float32",ne(d,c,o),[d,c])}return s}function ne(a,e,t){let n=new Float32Array(a*e);for(let r=0;r<a;r++)n[r*e+(t?t[t.length>1?r:0]:r%e)]=1;return n}async function N(a,e,t){let n=new B(await L(a,e.onnx,t),e);return await n.decode(new Float32Array(e.latentSize),1),n}var B=class{constructor(e,t){this.by=e;this.source=t}async decode(e,t,n,r){return b(await this.values(e,t,n,r),t,this.source.shape)}async values(e,t,n=this.source.beta??1,r){let{by:i,source:{latentSize:o,shape:s}}=this,p=(await i.session.run(D(i,"z",e,[t,o],n,r))).image.data;if(p.length!==t*s[0]*s[1]*s[2])throw new Error("The decoder gives images of another size than the checkpoint says.");return p}dispose(){this.by.session.release()}};function O(a,e){return{async decode(t,n,r,i){if(globalThis.inlinedFiles)throw new Error("There is no server.");let o=[...r===void 0?[]:[`beta=${r}`],...i?[`labels=${i.join()}`]:[]].join("&"),s=await fetch(o?`${a}?${o}`:a,{method:"POST",body:new Float32Array(t)});if(!s.ok)throw new Error(`The server could not decode (${s.status}).`);return b(new Uint8Array(await s.arrayBuffer()),n,e,1)},dispose:()=>{}}}var w=class{constructor(e,t=2048){this.width=e;this.capacity=t;this.total=0;this.rows=new Float64Array(this.width*this.capacity)}push(...e){this.rows.set(e,this.total++%this.capacity*this.width)}read(e=0){let t=[];for(let n=Math.max(e,this.total-this.capacity);n<this.total;n++){let r=n%this.capacity*this.width;t.push([...this.rows.subarray(r,r+this.width)])}return t}};function g(){return window.__stage??={paints:new w(3),strips:new w(3),backend:"",first:0}}var v=class{constructor(e,t,n){this.decode=e;this.paint=t;this.failed=n;this.pending=null;this.scheduled=!1;this.stopped=!1}request(e,t=performance.now()){this.pending={z:e.slice(),asked:this.pending?.asked??t},this.schedule()}stop(){this.pending=null,this.stopped=!0}schedule(){this.scheduled||this.stopped||(this.scheduled=!0,requestAnimationFrame(()=>{this.frame()}))}async frame(){let e=this.pending;if(this.pending=null,e){let t=performance.now();try{let n=await this.decode(e.z);if(this.stopped)return;this.paint(n,e.z),g().paints.push(e.asked,t,performance.now())}catch(n){this.stopped||this.failed(n)}}this.scheduled=!1,this.pending&&this.schedule()}};function l(a,e={},...t){let n=document.createElement(a);for(let[r,i]of Object.entries(e))r==="dataset"?Object.assign(n.dataset,i):r.startsWith("aria-")||r==="role"||r==="for"?n.setAttribute(r,String(i)):n[r]=i;return n.append(...t.filter(r=>r!=null&&r!==!1)),n}function j(a,{min:e,max:t,step:n,value:r},i){let o=l("input",{type:"range",min:String(e),max:String(t),step:String(n),"aria-label":a});return r!==void 0&&(o.value=String(r)),o.addEventListener("input",()=>i(o.valueAsNumber)),o}function H(a,e,t,n,r=10){let i={ArrowRight:e,ArrowUp:e,ArrowLeft:-e,ArrowDown:-e,PageUp:t,PageDown:-t};a.addEventListener("keydown",o=>{let s=i[o.key];s!==void 0&&(o.preventDefault(),n(o.shiftKey?s/r:s))})}var U=(a,e=2)=>Number.isFinite(a)?a.toFixed(e).replace(/^-(?=0*\.?0*$)/,"").replace("-","−"):"–",V=()=>matchMedia("(prefers-reduced-motion: reduce)").matches,A=a=>a instanceof Error?a.message:String(a);async function W(a){return createImageBitmap(new Blob([await f(a)],{type:"image/png"}))}var _=()=>$(import.meta.url);var G=`.stage {
  --text: var(--st-text-color, light-dark(#1c2430, #e8ebf0));
  --ground: var(--st-background-color, light-dark(#ffffff, #0f131a));
  --raised: var(--st-secondary-background-color, light-dark(#f3f5f8, #1a202a));
  --accent: var(--st-primary-color, #2f6fde);
  --quiet: color-mix(in srgb, var(--text) 66%, var(--ground));
  --line: color-mix(in srgb, var(--text) 16%, var(--ground));
  --faint: color-mix(in srgb, var(--text) 7%, var(--ground));
  --radius: 6px;
  --label-width: 92px;
  --number-width: 66px;
  color: var(--text);
  font: 400 14px/1.45 var(--st-font, system-ui, sans-serif);
  font-variant-numeric: tabular-nums;
  container-type: inline-size;
  position: relative;
  -webkit-font-smoothing: antialiased;
}
.stage *, .stage *::before { box-sizing: border-box; }
.stage canvas { image-rendering: pixelated; display: block; }
.stage[aria-busy] .picture, .stage[aria-busy] .strip { opacity: 0.35; }
.stage [hidden] { display: none !important; }
.notice { margin: 0; color: var(--text); }
.notice:not(:empty) { padding: 8px 12px; margin-bottom: 12px; background: var(--raised); border-left: 3px solid var(--accent); border-radius: 3px; }
.figure { font-variant-numeric: tabular-nums; text-align: right; }
.hint, figcaption, small, .readout { color: var(--quiet); font-size: 12.5px; }
figure { margin: 0; }
figcaption { margin-top: 6px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
.mark { display: inline-block; width: 9px; height: 9px; border-radius: 2px; margin-right: 4px; }
.icon { width: 14px; height: 14px; fill: currentColor; vertical-align: -2px; }

/* controls */
.stage button, .stage select, .stage input[type="number"] {
  font: inherit;
  color: inherit;
  background: transparent;
  border: 1px solid var(--line);
  border-radius: var(--radius);
  height: 32px;
  padding: 0 11px;
}
.stage select { padding-right: 4px; max-width: 100%; }
.stage option { color: #111; background: #fff; }
.stage button { cursor: pointer; white-space: nowrap; }
.stage button:hover:not(:disabled), .stage select:hover, .menu summary:hover { border-color: var(--accent); color: var(--accent); }
.stage button:active:not(:disabled) { background: color-mix(in srgb, var(--accent) 14%, transparent); }
.stage button:disabled { opacity: 0.4; cursor: default; }
.stage button.primary { background: var(--accent); border-color: var(--accent); color: var(--ground); font-weight: 600; }
.stage button.primary:hover:not(:disabled) { color: var(--ground); filter: brightness(1.08); }
.stage input[type="number"] { padding: 0 4px 0 6px; appearance: textfield; -moz-appearance: textfield; }
.stage input[type="number"]::-webkit-inner-spin-button { display: none; }
.stage input[type="number"]:hover { border-color: var(--quiet); }
.stage :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.choice { display: inline-flex; border: 1px solid var(--line); border-radius: var(--radius); height: 32px; padding: 2px; gap: 2px; }
.choice label { position: relative; display: flex; cursor: pointer; }
.choice input { position: absolute; opacity: 0; inset: 0; width: 100%; height: 100%; margin: 0; cursor: pointer; }
.choice span { padding: 0 10px; line-height: 26px; border-radius: 4px; color: var(--quiet); white-space: nowrap; }
.choice input:checked + span { background: var(--raised); color: var(--text); box-shadow: inset 0 0 0 1px var(--line); }
.choice input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 1px; }
.joined { display: inline-flex; }
.joined > :first-child { border-radius: var(--radius) 0 0 var(--radius); }
.joined > :last-child { border-radius: 0 var(--radius) var(--radius) 0; border-left: 0 !important; }
.seed { width: 52px; }

/* the slider: a thin rail, one accent */
.stage input[type="range"] {
  appearance: none;
  -webkit-appearance: none;
  background: transparent;
  height: 24px;
  margin: 0;
  cursor: grab;
  display: block;
}
.stage input[type="range"]:active { cursor: grabbing; }
.stage input[type="range"]::-webkit-slider-runnable-track { height: 2px; background: linear-gradient(90deg, var(--line) calc(50% - 0.5px), var(--quiet) calc(50% - 0.5px) calc(50% + 0.5px), var(--line) calc(50% + 0.5px)); border-radius: 1px; }
.stage input[type="range"]::-moz-range-track { height: 2px; background: var(--line); border-radius: 1px; }
.stage input[type="range"]::-webkit-slider-thumb { -webkit-appearance: none; width: 16px; height: 16px; margin-top: -7px; border-radius: 50%; background: var(--accent); border: 0; box-shadow: 0 0 0 3px var(--ground); }
.stage input[type="range"]::-moz-range-thumb { width: 16px; height: 16px; border-radius: 50%; background: var(--accent); border: 0; box-shadow: 0 0 0 3px var(--ground); }
.stage input[type="range"]:hover::-webkit-slider-thumb { box-shadow: 0 0 0 3px var(--ground), 0 0 0 7px color-mix(in srgb, var(--accent) 25%, transparent); }
.stage input[type="range"]:focus-visible { outline: none; }
.stage input[type="range"]:focus-visible::-webkit-slider-thumb { box-shadow: 0 0 0 3px var(--ground), 0 0 0 5px var(--accent); }
.stage input[type="range"]:focus-visible::-moz-range-thumb { box-shadow: 0 0 0 3px var(--ground), 0 0 0 5px var(--accent); }
.stage input[type="range"].outside::-webkit-slider-thumb { background: var(--ground); box-shadow: inset 0 0 0 2px var(--accent), 0 0 0 3px var(--ground); }
.stage input[type="range"].outside::-moz-range-thumb { background: var(--ground); box-shadow: inset 0 0 0 2px var(--accent), 0 0 0 3px var(--ground); }

/* the current image */
.current { display: flex; flex-wrap: wrap; gap: 14px 20px; align-items: flex-start; align-content: flex-start; min-width: 0; }
.current .actions { flex-basis: 100%; }
.picture { background: #000; border-radius: 3px; box-shadow: 0 0 0 1px var(--line); }
.slot { width: fit-content; border-radius: 3px; }
.original figcaption { min-width: 150px; }
.missing { max-width: 240px; margin: 6px 0 0; }
.empty .slot { outline: 1px dashed var(--line); outline-offset: -1px; }
.empty .picture { visibility: hidden; }
.readout { white-space: nowrap; }
.readout .figure { display: inline-block; min-width: 2.6em; color: var(--text); }
.actions { display: flex; flex-wrap: wrap; gap: 8px; }

/* dimensions */
.dimensions { min-width: 0; }
.dimensions > header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 16px; justify-content: space-between; padding-bottom: 10px; border-bottom: 1px solid var(--line); }
.range { display: inline-flex; align-items: center; gap: 10px; }
.sigma { white-space: nowrap; color: var(--quiet); }
.sigma input { width: 46px; }
.dimension { display: grid; grid-template-columns: var(--label-width) auto var(--number-width); justify-content: start; column-gap: 14px; padding: 10px 0 12px; }
.dimension + .dimension { border-top: 1px solid var(--faint); }
.dimension > label { display: grid; grid-template-columns: 1fr; align-content: start; line-height: 1.3; padding-top: 2px; cursor: default; }
.dimension b { font-weight: 600; font-size: 15px; }
.share { display: block; height: 3px; border-radius: 2px; margin: 4px 0 2px; background: linear-gradient(90deg, var(--quiet) calc(var(--share) * 100%), var(--line) 0); width: 76px; }
.dimension > input[type="number"] { width: var(--number-width); height: 28px; align-self: start; border-color: transparent; background: var(--faint); }
.track { min-width: 0; }
.strip { margin-top: 2px; cursor: pointer; border-radius: 2px; }
.dead { border-top: 1px solid var(--line); }
.dead summary { cursor: pointer; color: var(--quiet); padding: 10px 0; font-size: 13px; }
.dead summary:hover { color: var(--text); }
.stacked .dimension { grid-template-columns: 1fr var(--number-width); }
.stacked .dimension > label { grid-template-columns: 3em 76px 1fr; align-items: center; column-gap: 8px; padding: 0; }
.stacked .dimension .track { grid-column: 1 / -1; grid-row: 2; }

/* traverse */
.traverse { display: grid; grid-template-columns: minmax(0, 1fr); gap: 24px; }
@container (min-width: 820px) {
  .traverse { grid-template-columns: 300px minmax(0, 1fr); gap: 36px; align-items: start; }
  .traverse .current { position: sticky; top: 12px; }
  .stage:has(> button.present) .traverse .dimensions > header, .stage:has(> button.present) .traverse .walk-panel > header { padding-right: 92px; } /* the corner is the button's */
}

/* menu */
.stage:has(.menu[open]) { position: relative; z-index: 5; } /* above what Streamlit puts below the stage */
.menu { position: relative; }
.menu summary { list-style: none; height: 32px; line-height: 30px; padding: 0 11px; border: 1px solid var(--line); border-radius: var(--radius); cursor: pointer; user-select: none; }
.menu summary::-webkit-details-marker { display: none; }
.menu summary::after { content: " ▾"; color: var(--quiet); }
.menu > div { position: absolute; z-index: 20; top: 36px; left: 0; min-width: 210px; padding: 4px; display: grid; background: var(--ground); border: 1px solid var(--line); border-radius: var(--radius); box-shadow: 0 8px 28px rgb(0 0 0 / 0.18); }
.stage .menu button { border: 0; text-align: left; }
.stage .menu button:hover { background: var(--faint); }

/* walk */
.walk-panel { min-width: 0; }
.walk-panel > header { display: flex; flex-wrap: wrap; align-items: center; gap: 12px 28px; padding-bottom: 14px; border-bottom: 1px solid var(--line); }
.walk-panel > header .actions { margin-left: auto; }
.end { display: flex; align-items: center; gap: 10px; }
.end figcaption { margin: 0; color: var(--text); font-size: 15px; }
.end .picture { cursor: pointer; }
.transport { display: flex; align-items: center; gap: 16px; margin: 14px 0 6px; }
.transport button { min-width: 96px; }
.distance { position: relative; margin-top: 12px; }
.curve { display: block; }
.curve .area { fill: color-mix(in srgb, var(--accent) 12%, transparent); }
.curve .line { fill: none; stroke: var(--quiet); stroke-width: 1.5; }
.curve .cursor { fill: none; stroke: var(--accent); stroke-width: 1.5; }
.distance .most { position: absolute; left: 0; top: -4px; }
.distance .here { position: absolute; right: 0; top: -4px; color: var(--text); }

/* map */
.map-panel { min-width: 0; }
.map-panel > header { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; padding-bottom: 10px; }
.field select { max-width: 132px; }
.map { position: relative; height: clamp(300px, min(58vh, 100cqw), 720px); border: 1px solid var(--line); border-radius: var(--radius); overflow: hidden; }
.check { display: inline-flex; align-items: center; gap: 6px; color: var(--quiet); cursor: pointer; white-space: nowrap; }
.check input { accent-color: var(--accent); width: 15px; height: 15px; margin: 0; }
.legend { display: flex; flex-wrap: wrap; align-items: center; gap: 2px 4px; min-height: 34px; padding-top: 6px; }
.stage .legend button { height: 26px; padding: 0 8px; border: 0; font-size: 13px; display: inline-flex; align-items: center; gap: 6px; }
:is(.legend button, .classes-key) i { width: 10px; height: 10px; border-radius: 50%; box-shadow: 0 0 0 1px var(--line); }
.legend button[aria-pressed="false"] { color: var(--quiet); }
.legend button[aria-pressed="false"] i { opacity: 0.2; }
.pointer { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; padding-top: 8px; }
.pointer figcaption { font-size: 12px; margin-top: 4px; }
.pointer .place { flex: 1 1 160px; margin: 2px 0 0; }
.selection { margin: 8px 0 0; min-height: 1.4em; }
.explore { display: grid; grid-template-columns: minmax(0, 1fr); gap: 28px; }
.side-panel { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; align-content: start; min-width: 0; }
@container (min-width: 760px) and (max-width: 999.98px) {
  .explore { grid-template-columns: minmax(0, 1fr) minmax(0, 1.05fr); gap: 24px; align-items: start; }
  .explore .map-panel { position: sticky; top: 12px; }
  .explore .choice span { padding: 0 8px; } /* five tools keep off “Present” */
  .explore .current { padding-right: 84px; gap: 10px 14px; } /* the corner is the button's */
  .explore .current canvas.large { width: 184px !important; height: auto !important; }
  .explore .original figcaption { min-width: 96px; }
}
@container (max-width: 380px) {
  .choice span { padding: 0 8px; } /* five tools fit a phone */
}
@container (max-width: 759.98px) {
  .explore .original.none { display: none; } /* on a phone, an empty place is a third of the screen */
}
@container (min-width: 1000px) {
  .explore { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 36px; align-items: start; }
  .explore .map-panel { position: sticky; top: 12px; }
}
.dimension .factor { color: var(--text); line-height: 1.25; }
.stacked .dimension .factor { grid-column: 1 / -1; }

/* a “?” beside a term */
.stage button.term { width: 16px; height: 16px; padding: 0; margin: 0 2px 0 5px; border-radius: 50%; font-size: 11px; line-height: 14px; color: var(--quiet); vertical-align: 1px; }
.term-place { white-space: nowrap; }
@media (pointer: coarse) { /* a finger hits more than the circle */
  .stage button.term { position: relative; }
  .stage button.term::after { content: ""; position: absolute; inset: -14px; }
}
.stage .term-box { position: fixed; inset: auto; margin: 0; width: min(340px, calc(100vw - 32px)); padding: 12px 14px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--ground); color: var(--text); box-shadow: 0 8px 28px rgb(0 0 0 / 0.18); font-size: 14px; font-weight: 400; line-height: 1.45; white-space: normal; text-align: left; }
.stage .term-box:popover-open { display: grid; gap: 6px; }
.stage .term-box code { background: var(--raised); color: var(--text); padding: 6px 8px; border-radius: 4px; font-family: "Source Serif", Georgia, serif; font-size: 14.5px; }
.stage p.collapsed, .collapsed { color: var(--text); font-weight: 600; }
.stage.smooth canvas.picture, .stage.smooth canvas.strip, .stage.smooth canvas.tiles, .stage.smooth canvas.mosaic { image-rendering: auto; }

/* β of a model of a range */
.beta-panel { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(240px, 100%), 1fr)); gap: 6px 20px; align-items: center; padding: 10px 14px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--raised); }
.beta-control { display: grid; gap: 4px; min-width: 0; }
.beta-line { display: grid; grid-template-columns: auto auto 3.2em minmax(0, 1fr); align-items: start; gap: 0 6px; line-height: 24px; }
.beta-line b, .beta-value { font-size: 17px; }
.beta-value { font-weight: 600; text-align: left; }
.beta-track { min-width: 0; }
.stage .beta-line button.term { min-width: 0; }
.beta-track input { width: 100%; }
.beta-ticks { position: relative; height: 16px; margin: 0 8px; font-size: 11.5px; line-height: 14px; color: var(--quiet); }
.beta-ticks span { position: absolute; left: calc(100% * var(--at)); transform: translateX(-50%); }
.beta-curve { width: 100%; height: 136px; cursor: pointer; font-size: 12.5px; touch-action: none; }
.dimension.asleep > label, .dimension.asleep .strip { opacity: 0.4; }
.current-column { display: grid; gap: 14px; min-width: 0; }
.model-column .beta-control { margin-bottom: 10px; }

/* the class of a conditional model, and every class in one style */
.class-row { display: grid; gap: 8px; padding: 10px 14px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--raised); }
.class-row header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 6px; }
.class-row .classes { display: flex; flex-wrap: wrap; gap: 4px; max-height: 260px; overflow-y: auto; }
.stage .class-row .classes button { display: grid; height: auto; justify-items: center; gap: 1px; min-width: 0; padding: 3px; border: 2px solid transparent; background: none; font-size: 12.5px; line-height: 16px; }
.stage .class-row .classes button span { max-width: 76px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.stage .class-row .classes button:hover { border-color: var(--line); }
.stage .class-row .classes button[aria-pressed="true"] { border-color: var(--accent); color: var(--accent); font-weight: 600; }

/* discrete codes */
.tile-wall { max-width: 100%; cursor: pointer; touch-action: pan-y; border-radius: 3px; margin: 2px; }
.wall-panel > header { justify-content: space-between; padding-right: 84px; }
.stage .about { margin: 8px 0 6px; min-height: 1.4em; }
.stage .examples canvas[hidden] { display: none; }
.examples { display: flex; flex-wrap: wrap; gap: 6px; min-height: 58px; }
.boxes { display: flex; margin-bottom: 4px; }
.stage .boxes button { flex: 1 1 0; min-width: 0; padding: 0; height: 26px; font-size: 12.5px; }
.stage .boxes button[aria-checked="true"] { background: var(--accent); border-color: var(--accent); color: var(--ground); font-weight: 600; }
.options > output { padding-top: 3px; color: var(--quiet); font-size: 12.5px; white-space: nowrap; }
@container (min-width: 1000px) {
  .code-panel .rows:has(> .switch) { display: grid; grid-template-columns: 1fr 1fr; column-gap: 28px; }
  .code-panel .switch:nth-child(2) { border-top: 0; }
}
.options.switch { grid-template-columns: 84px auto 30px; }
.stage input.stepped::-webkit-slider-runnable-track { background: var(--line); }
.options.switch .track { display: flex; align-items: center; gap: 14px; }
.stage .toggle { position: relative; width: 42px; height: 24px; padding: 0; border-radius: 12px; background: var(--faint); flex: none; }
.toggle i { position: absolute; top: 3px; left: 3px; width: 16px; height: 16px; border-radius: 50%; background: var(--quiet); }
.stage .toggle[aria-checked="true"] { background: var(--accent); border-color: var(--accent); }
.toggle[aria-checked="true"] i { left: 21px; background: var(--ground); }
.easels { display: flex; flex-wrap: wrap; gap: 12px; align-items: flex-start; }
.layers { position: relative; width: fit-content; }
.overlay { position: absolute; inset: 0; }
.overlay, .token-grid { cursor: crosshair; touch-action: none; border-radius: 3px; }
.word-map-panel { margin-top: 22px; }
.stage .word-map { display: block; cursor: pointer; touch-action: pan-y; }
.classes-key { display: flex; flex-wrap: wrap; gap: 4px 12px; margin: 6px 0 0; }
.classes-key span { display: inline-flex; align-items: center; gap: 6px; }
.token-grid { box-shadow: 0 0 0 1px var(--line); }
.copied { display: grid; gap: 6px; justify-items: start; }
.stage .copied[hidden] { display: none; }
.word-palette .tile-wall { margin-top: 10px; }
`;var ie="latent-explorer: smooth images",oe="smooth";function se(){try{return localStorage.getItem(ie)==="1"}catch{return!1}}var K=a=>{a.classList.toggle(oe,se())};var k=class{constructor(e,t,n,r,i=()=>null){this.appRoot=t;this.frame=l("div",{className:"frame"});this.message=l("p",{className:"notice",role:"status"});this.parts=[];this.view=null;this.data=null;this.notice=e=>{this.message.textContent=e};g(),this.element=l("div",{className:`stage ${n}`.trim()},l("style",{},G+r),this.message,this.frame),K(this.element),this.presenter=i(this.element),e.replaceChildren(this.element)}refresh(e,t){}theme(){this.view?.theme()}explain(e){this.presenter&&(this.presenter.help.textContent=e)}update(e){let t=this.data&&this.subject(this.data)===this.subject(e)?this.data:null;this.data=e,t||(this.close(),this.notice(""),this.open(e)),this.refresh(e,t),requestAnimationFrame(()=>this.theme())}dispose(){this.presenter?.dispose(),this.close(),this.element.remove()}show(e){return this.view?.dispose(),this.view=e,this.frame.replaceChildren(e.root),e.theme(),e}own(e){return this.parts.push(e),e}close(){this.view?.dispose(),this.view=null;for(let e of this.parts.splice(0).reverse())e.dispose()}};var S=()=>globalThis.devicePixelRatio||1;function I(a,e,t,n){let r=a.width!==e||a.height!==t;return r&&([a.width,a.height]=[e,t]),a.style.width=`${e*n}px`,a.style.height=`${t*n}px`,r}function le(a,e,t=S()){let n=Math.max(1,Math.floor(2*e*t/a)/2);return a*(n>=3?Math.floor(n):n)/t}var M=class{constructor(e,t,n){this.shape=e;let[,r,i]=e;this.canvas=l("canvas",{width:i,height:r,className:"picture",role:"img","aria-label":n}),this.resize(t),this.context=this.canvas.getContext("2d")}resize(e){let[,t,n]=this.shape,r=le(Math.max(n,t),e)/Math.max(n,t);I(this.canvas,n,t,r)}paint(e){this.context?.putImageData(new ImageData(e,this.shape[2],this.shape[1]),0,0)}};var F=class{constructor(e,t,n,r,i){this.shape=e;this.rows=t;this.columns=n;this.gap=r;this.label=i;this.canvas=l("canvas",{className:"tiles",role:"img","aria-label":this.label});this.width=0;this.cell=0;this.sheet=l("canvas",{});this.loaded=!1;let[,o,s]=e;[this.sheet.width,this.sheet.height]=[s,o*t*n]}fit(e,t=1/0){let{rows:n,columns:r,shape:i}=this,o=S(),s=Math.round(this.gap*o),d=Math.floor(Math.min(t*o,(e*o-(r-1)*s)/r));if(d<1)return;let p=Math.round(d*i[1]/i[2]),m=I(this.canvas,r*(d+s)-s,n*(p+s)-s,1/o);[this.width,this.cell]=[this.canvas.width/o,d/o],m&&this.paint()}load(e){let t=this.sheet.getContext("2d");e instanceof ImageBitmap?t.drawImage(e,0,0):t.putImageData(new ImageData(e,this.sheet.width),0,0),this.loaded=!0,this.paint()}paint(){if(!this.loaded||!this.cell)return;let{rows:e,columns:t,shape:[,n,r]}=this,i=this.canvas.getContext("2d"),o=Math.round(this.gap*S()),s=(this.canvas.width+o)/t-o,d=(this.canvas.height+o)/e-o;i.imageSmoothingEnabled=s<3*r,i.imageSmoothingQuality="high";for(let p=0;p<e*t;p++){let[m,c]=[p%t*(s+o),Math.floor(p/t)*(d+o)];i.drawImage(this.sheet,0,p*n,r,n,m,c,s,d)}}};function Q(a,e,t,n){let r=a.length/e,i=Math.floor(t),o=t-i,s=u=>((i+u)%r+r)%r*e,[d,p,m,c]=[s(-1),s(0),s(1),s(2)],h=[o*(o*(2-o)-1)/2,(o*o*(3*o-5)+2)/2,o*(o*(4-3*o)+1)/2,o*o*(o-1)/2];for(let u=0;u<e;u++)n[u]=h[0]*a[d+u]+h[1]*a[p+u]+h[2]*a[m+u]+h[3]*a[c+u];return n}var de=3,pe=1400,P=class{constructor(e,t,n){this.card=e;this.base=t;this.decoders=n;this.tiles=new F(this.card.imageShape,this.card.rows,this.card.columns,de,`images decoded by ${this.card.name}`);this.playing=0;this.elapsed=0}async load(){let e=performance.now(),t=await W(this.base+"cover.png");this.tiles.load(t),t.close(),g().paints.push(e,e,performance.now())}async play(){if(this.playing||V())return;let e=this.playing=performance.now(),{latentSize:t,imageShape:n,rows:r,columns:i}=this.card,o=r*i,[s,d]=await Promise.all([this.decoders.get({base:this.base,latentSize:t,imageShape:n}),f(this.base+"cover").then(h=>new Float32Array(h))]),p=new Float32Array(o*t),m=performance.now(),c=async()=>{if(this.playing!==e)return;let h=performance.now();this.elapsed+=Math.min(h-m,50),m=h;let u=await s.decode(Q(d,p.length,this.elapsed/pe,p),o);this.playing===e&&(this.tiles.load(u),g().paints.push(h,h,performance.now()),requestAnimationFrame(()=>{c().catch(()=>this.stop())}))};this.playing===e&&await c()}stop(){this.playing=0}};var y=({page:a,query:e},t)=>new URL(`${a}?${new URLSearchParams(e)}`,t).href;function x(a){return a.addEventListener("click",e=>{e.button||e.ctrlKey||e.metaKey||e.shiftKey||e.altKey||(e.preventDefault(),history.pushState({},"",a.href),dispatchEvent(new PopStateEvent("popstate")))}),a}var T=class{constructor(e,t,n){this.data=e;this.cover=new P(e,new URL(e.base,t).href,n);let r=l("dl",{});for(let{label:i,value:o,unit:s,about:d}of e.figures)r.append(l("div",{title:d},l("dt",{},i),l("dd",{},o,s?l("small",{},` ${s}`):null)));this.root=l("a",{className:"card",href:y(e.to,t),"aria-label":`${e.title}: ${e.name}. ${e.mark?`${e.mark}. `:""}${e.caption}`,"aria-description":e.figures.map(({label:i,value:o,unit:s})=>`${i} ${o} ${s??""}`).join(", ")},l("span",{className:"picture-place"},this.cover.tiles.canvas),l("span",{className:"heading"},l("b",{},e.title),l("code",{},e.name),e.mark?l("small",{className:"mark"},e.mark):null),l("span",{className:"caption"},e.caption),r),x(this.root);for(let i of["pointerenter","focus"])this.root.addEventListener(i,()=>{this.cover.play().catch(()=>this.cover.stop())});for(let i of["pointerleave","blur"])this.root.addEventListener(i,()=>this.cover.stop())}};var ce=4,z=class{constructor(e){this.assets=e;this.open=new Map}get({base:e,latentSize:t,imageShape:n}){let r=this.open.get(e);this.open.delete(e),r??=f(e+"decoder.onnx").then(async i=>N(await this.assets,{onnx:i,latentSize:t,shape:n},"wasm")).catch(()=>O(e+"decode",n)),this.open.set(e,r);for(let i of[...this.open.keys()].slice(0,-ce))this.close(i);return r}dispose(){for(let e of[...this.open.keys()])this.close(e)}close(e){this.open.get(e)?.then(t=>t.dispose(),()=>{}),this.open.delete(e)}};var J=`.gallery section + section { margin-top: 36px; }
.gallery section > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 14px; padding-bottom: 12px; }
.gallery h2 { font-size: 18px; font-weight: 600; margin: 0; padding: 0; line-height: 1.4; }
.gallery header p, .card dd { margin: 0; }
.comparisons { display: flex; flex-wrap: wrap; gap: 8px; margin-left: auto; }
.comparison { border: 1px solid var(--line); border-radius: var(--radius); padding: 4px 11px; color: inherit; text-decoration: none; white-space: nowrap; }
.comparison::after, .step b::after { content: " →"; color: var(--accent); }
.comparison:hover { border-color: var(--accent); color: var(--accent); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(272px, 100%), 1fr)); gap: 18px; }
.card { display: flex; flex-direction: column; gap: 8px; padding: 12px; border: 1px solid var(--line); border-radius: var(--radius); color: inherit; text-decoration: none; min-width: 0; }
.card:hover, .step:hover { border-color: var(--accent); }
.card .picture-place { display: block; border-radius: 3px; overflow: hidden; min-height: 60px; }
.gallery canvas.tiles { margin: 0 auto; image-rendering: auto; }
.card .heading { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 12px; }
.card .heading b { font-size: 15px; font-weight: 600; }
.card code { color: var(--quiet); font-size: 12px; overflow-wrap: anywhere; background: none; padding: 0; }
.card .caption { flex: 1; line-height: 1.4; }
.card dl { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding-top: 8px; border-top: 1px solid var(--faint); }
.card dt { color: var(--quiet); font-size: 12px; }
.card dd small { font-size: 12px; }
.card .mark { color: var(--accent); flex-basis: 100%; }

/* what leads the page */
.opening { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; margin-bottom: 8px; }
.gallery .opening h1 { font-size: clamp(24px, 3.2cqw, 38px); line-height: 1.15; font-weight: 700; margin: 0; padding: 0; text-wrap: balance; }
.gallery .lead { font-size: clamp(16px, 1.7cqw, 20px); margin: 8px 0 0; color: var(--quiet); }
.gallery .opening h2 { font-size: 14px; color: var(--quiet); margin: 0 0 8px; }
.gallery .steps { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(max(min(390px, 100%), 34%), 1fr)); gap: 10px; }
.gallery .steps li { margin: 0; display: grid; }
.step { display: grid; gap: 3px; align-content: start; padding: 10px 14px; border: 1px solid var(--line); border-radius: var(--radius); color: inherit; text-decoration: none; line-height: 1.4; }
.step b { font-weight: 400; color: var(--quiet); font-size: 16px; }
.step b span { font-weight: 600; color: var(--text); }
.step small { font-size: 13px; }
.hero { justify-self: center; width: min(320px, 100%); display: grid; gap: 4px; justify-items: center; }
.gallery .hero canvas.picture { width: min(288px, 70cqw) !important; height: auto !important; image-rendering: auto; border-radius: 10px; }
.hero .under { position: relative; width: 288px; max-width: 100%; padding-top: 22px; }
.hero input { width: 100%; }
.hero .drag-me { position: absolute; top: 4px; left: 0; right: 0; text-align: center; color: var(--accent); font-weight: 600; pointer-events: none; transition: opacity 0.3s; }
.hero .drag-me::after { content: " ↓"; }
.hero .drag-me.done { opacity: 0; }
.hero figcaption { margin: 0; white-space: normal; text-align: center; }
.hero figcaption a { color: var(--accent); }
.hero .figure { display: inline-block; min-width: 2.6em; color: var(--text); }
@container (min-width: 760px) {
  .opening { grid-template-columns: minmax(0, 1fr) 320px; gap: 20px 36px; }
  .opening .words { align-self: end; }
  .opening .hero { grid-area: 1 / 2 / 3 / 3; align-self: center; }
  .opening .path { align-self: start; }
}
`;var he="₀₁₂₃₄₅₆₇₈₉",Y=a=>"z"+[...String(a+1)].map(e=>he[+e]).join("");var ue=256,[ge,fe]=[.1,.5],C=class{constructor(e,t,n){this.data=e;this.appRoot=t;this.decoders=n;this.z=Float32Array.from(this.data.z);this.slider=j(`number ${this.data.dimension+1} of ${this.data.latentSize}`,{min:-this.data.reach,max:this.data.reach,step:"any",value:this.z[this.data.dimension]},e=>this.move(e));this.value=l("output",{className:"figure"});this.hint=l("span",{className:"drag-me"},"drag me");let{dimension:r,reach:i,latentSize:o,imageShape:s}=e,d=new M(s,ue,"decoded image"),p=Uint8Array.from(atob(e.first),c=>c.charCodeAt(0));p.length&&(d.paint(b(p,1,s,1)),g().first||=performance.now());let m=Y(r);this.frames=new v(async c=>(await this.decoder()).decode(c,1),c=>d.paint(c),c=>this.hint.textContent=A(c)),H(this.slider,ge,fe,c=>this.move(Math.max(-i,Math.min(i,this.z[r]+c)))),this.root=l("figure",{className:"hero"},d.canvas,l("div",{className:"under"},this.hint,this.slider),l("figcaption",{},`${m} = `,this.value,` · one of ${o} numbers · `,x(l("a",{href:y(e.to,t)},"move them all")))),this.value.value=U(this.z[r])}ready(){this.decoder()}dispose(){this.frames.stop()}decoder(){return this.decoders.get({...this.data,base:new URL(this.data.base,this.appRoot).href})}move(e){let{dimension:t}=this.data;this.z[t]=e,this.value.value=U(e),this.slider.valueAsNumber!==e&&(this.slider.value=String(e)),this.hint.classList.add("done"),this.frames.request(this.z)}};var R=class extends k{constructor(t,n){super(t,n,"gallery",J);this.decoders=new z(_());this.cards=new Map;this.hero=null;this.sizes=new ResizeObserver(t=>{for(let{target:n,contentRect:r}of t)this.cards.get(n.closest(".card"))?.cover.tiles.fit(r.width)});this.nearScreen=new IntersectionObserver(t=>this.load(t),{rootMargin:"400px"})}subject(t){return JSON.stringify(t)}open({hero:t,steps:n,groups:r}){this.clear(),this.hero=t?new C(t,this.appRoot,this.decoders):null,this.frame.replaceChildren(this.opening(n),...r.map(s=>this.group(s)));let[i]=this.cards.values();(globalThis.requestIdleCallback??(s=>setTimeout(s,500)))(()=>{this.hero?this.hero.ready():i&&this.cards.size&&this.decoders.get({...i.data,base:new URL(i.data.base,this.appRoot).href})})}dispose(){this.clear(),this.decoders.dispose(),super.dispose()}clear(){this.hero?.dispose(),this.hero=null;for(let t of this.cards.values())t.cover.stop();this.sizes.disconnect(),this.nearScreen.disconnect(),this.cards.clear()}opening(t){let n=t.map(({title:r,about:i,to:o},s)=>l("li",{},x(l("a",{className:"step",href:y(o,this.appRoot)},l("b",{},`${s+1} `,l("span",{},r)),l("small",{},i)))));return l("section",{className:"opening","aria-label":"what this is"},l("div",{className:"words"},l("h1",{},"An autoencoder turns an image into a few numbers, and back."),l("p",{className:"lead"},"Move one of the numbers, and your browser decodes the image anew.")),this.hero?.root,n.length?l("nav",{className:"path","aria-label":"a path in 60 seconds"},l("h2",{},"In 60 seconds"),l("ol",{className:"steps"},...n)):null)}group({title:t,about:n,cards:r,comparisons:i}){let o=l("div",{className:"cards"});for(let d of r){let p=new T(d,this.appRoot,this.decoders);this.cards.set(p.root,p),o.append(p.root),this.sizes.observe(p.root.querySelector(".picture-place")),this.nearScreen.observe(p.root)}let s=l("nav",{className:"comparisons","aria-label":`comparisons of ${t}`});for(let{label:d,about:p,to:m}of i)s.append(x(l("a",{className:"comparison",href:y(m,this.appRoot),title:p},d)));return l("section",{"aria-label":t},l("header",{},l("h2",{},t),l("p",{className:"hint"},n),s),o)}load(t){for(let{target:n,isIntersecting:r}of t){if(!r)continue;this.nearScreen.unobserve(n);let i=this.cards.get(n);i?.cover.load().catch(o=>i.root.querySelector(".caption").textContent=o.message)}}};function X(a){let e=new WeakMap;return(t,n)=>{let r=t.parentElement,i=e.get(r);if(!i){let o={component:t};o.page=a(r,n,()=>o.component),e.set(r,i=o)}return i.component=t,i.page.update(t.data),()=>{e.get(r)?.page.dispose(),e.delete(r)}}}var yr=X((a,e)=>new R(a,e));export{yr as default};
