function R(n){if(typeof n=="string")return n;let e=globalThis.addressesOf??=new WeakMap,t=e.get(n);return t||e.set(n,t=URL.createObjectURL(n)),t}async function $(n){if(globalThis.inlinedFiles)return globalThis.inlinedFiles.assets;let e=t=>new URL(t,n).href;return{worker:e("worker.js"),cpu:{ort:e("ort.wasm.min.mjs"),glue:e("ort-wasm-simd-threaded.mjs"),wasm:e("ort-wasm-simd-threaded.wasm")},gpu:{ort:e("ort.jspi.min.mjs"),glue:e("ort-wasm-simd-threaded.jspi.mjs"),wasm:e("ort-wasm-simd-threaded.jspi.wasm")}}}var Z=400;async function q(n,e=!0){let t;try{t=await fetch(n)}catch{if(!e)throw new Error("The server does not answer; check the connection and reload the page.");return await new Promise(a=>setTimeout(a,Z)),q(n,!1)}if(!t.ok)throw new Error(await ee(t));return t}async function f(n){return globalThis.inlinedFiles?globalThis.inlinedFiles.bytes(n):(await q(n)).arrayBuffer()}async function ee(n){let e=(await n.text().catch(()=>"")).trim();return n.headers.get("content-type")?.startsWith("text/plain")&&e&&e.length<400?e:`The server answered ${n.status}; reload the page.`}function b(n,e,[t,a,r],o=255){return t===1?te(n,e*a*r,o):re(n,e,a*r,o)}function te(n,e,t){let a=new Uint32Array(e);for(let r=0;r<e;r++){let o=n[r]*t,i=o>0?o<255?o+.5|0:255:0;a[r]=4278190080|i*65793}return new Uint8ClampedArray(a.buffer)}function re(n,e,t,a){let r=new Uint8ClampedArray(e*t*4);for(let o=0,i=0;o<e;o++){let l=o*3*t;for(let d=l;d<l+t;d++,i+=4)r[i]=n[d]*a,r[i+1]=n[d+t]*a,r[i+2]=n[d+2*t]*a,r[i+3]=255}return r}async function L(n,e,t){let a=t==="webgpu"?n.gpu:n.cpu;if(!a)throw new Error("This page has no runtime for a GPU.");let r=await import(R(a.ort));r.env.logLevel="error";let[o,{wasm:i}]=[R(a.glue),a];typeof i=="string"?r.env.wasm.wasmPaths={mjs:o,wasm:i}:[r.env.wasm.wasmPaths,r.env.wasm.wasmBinary]=[{mjs:o},i],r.env.wasm.numThreads=1;let l=await r.InferenceSession.create(new Uint8Array(e),{executionProviders:[t],logSeverityLevel:3});return{ort:r,session:l}}function D({ort:n,session:e},t,a,r,o,i){let l={[t]:new n.Tensor("float32",a,r)},[d]=r;e.inputNames.includes("beta")&&(l.beta=new n.Tensor("float32",new Float32Array(d).fill(o),[d,1]));let p=e.inputNames.indexOf("label");if(p>=0){let m=e.inputMetadata[p],c=m.isTensor?Number(m.shape[1]):0;l.label=new n.Tensor("float32",ne(d,c,i),[d,c])}return l}function ne(n,e,t){let a=new Float32Array(n*e);for(let r=0;r<n;r++)a[r*e+(t?t[t.length>1?r:0]:r%e)]=1;return a}async function N(n,e,t){let a=new B(await L(n,e.onnx,t),e);return await a.decode(new Float32Array(e.latentSize),1),a}var B=class{constructor(e,t){this.by=e;this.source=t}by;source;async decode(e,t,a,r){return b(await this.values(e,t,a,r),t,this.source.shape)}async values(e,t,a=this.source.beta??1,r){let{by:o,source:{latentSize:i,shape:l}}=this,p=(await o.session.run(D(o,"z",e,[t,i],a,r))).image.data;if(p.length!==t*l[0]*l[1]*l[2])throw new Error("The decoder gives images of another size than the checkpoint says.");return p}dispose(){this.by.session.release()}};function O(n,e){return{async decode(t,a,r,o){if(globalThis.inlinedFiles)throw new Error("There is no server.");let i=[...r===void 0?[]:[`beta=${r}`],...o?[`labels=${o.join()}`]:[]].join("&"),l=await fetch(i?`${n}?${i}`:n,{method:"POST",body:new Float32Array(t)});if(!l.ok)throw new Error(`The server could not decode (${l.status}).`);return b(new Uint8Array(await l.arrayBuffer()),a,e,1)},dispose:()=>{}}}var w=class{constructor(e,t=2048){this.width=e;this.capacity=t;this.rows=new Float64Array(e*t)}width;capacity;total=0;rows;push(...e){this.rows.set(e,this.total++%this.capacity*this.width)}read(e=0){let t=[];for(let a=Math.max(e,this.total-this.capacity);a<this.total;a++){let r=a%this.capacity*this.width;t.push([...this.rows.subarray(r,r+this.width)])}return t}};function g(){return window.__stage??={paints:new w(3),strips:new w(3),backend:"",first:0}}var v=class{constructor(e,t,a){this.decode=e;this.paint=t;this.failed=a}decode;paint;failed;pending=null;scheduled=!1;stopped=!1;request(e,t=performance.now()){this.pending={z:e.slice(),asked:this.pending?.asked??t},this.schedule()}stop(){this.pending=null,this.stopped=!0}schedule(){this.scheduled||this.stopped||(this.scheduled=!0,requestAnimationFrame(()=>{this.frame()}))}async frame(){let e=this.pending;if(this.pending=null,e){let t=performance.now();try{let a=await this.decode(e.z);if(this.stopped)return;this.paint(a,e.z),g().paints.push(e.asked,t,performance.now())}catch(a){this.stopped||this.failed(a)}}this.scheduled=!1,this.pending&&this.schedule()}};function s(n,e={},...t){let a=document.createElement(n);for(let[r,o]of Object.entries(e))r==="dataset"?Object.assign(a.dataset,o):r.startsWith("aria-")||r==="role"||r==="for"?a.setAttribute(r,String(o)):a[r]=o;return a.append(...t.filter(r=>r!=null&&r!==!1)),a}function j(n,{min:e,max:t,step:a,value:r},o){let i=s("input",{type:"range",min:String(e),max:String(t),step:String(a),"aria-label":n});return r!==void 0&&(i.value=String(r)),i.addEventListener("input",()=>o(i.valueAsNumber)),i}function H(n,e,t,a,r=10){let o={ArrowRight:e,ArrowUp:e,ArrowLeft:-e,ArrowDown:-e,PageUp:t,PageDown:-t};n.addEventListener("keydown",i=>{let l=o[i.key];l!==void 0&&(i.preventDefault(),a(i.shiftKey?l/r:l))})}var U=(n,e=2)=>Number.isFinite(n)?n.toFixed(e).replace(/^-(?=0*\.?0*$)/,"").replace("-","−"):"–",V=()=>matchMedia("(prefers-reduced-motion: reduce)").matches,A=n=>n instanceof Error?n.message:String(n);async function W(n){return createImageBitmap(new Blob([await f(n)],{type:"image/png"}))}var _=()=>$(import.meta.url);var G=`.stage {
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
.legend button i { width: 10px; height: 10px; border-radius: 50%; box-shadow: 0 0 0 1px var(--line); }
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
  .explore .current { padding-right: 84px; gap: 10px 14px; } /* the corner is the button's */
  .explore .current canvas.large { width: 184px !important; height: auto !important; }
  .explore .original figcaption { min-width: 96px; }
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
.wall-panel .place { margin: 8px 0 6px; min-height: 1.4em; }
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
.easels { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; }
.layers { position: relative; width: fit-content; }
.overlay { position: absolute; inset: 0; }
.overlay, .token-grid { cursor: crosshair; touch-action: none; border-radius: 3px; }
.token-grid { box-shadow: 0 0 0 1px var(--line); }
.copied { display: grid; gap: 6px; justify-items: start; }
.stage .copied[hidden] { display: none; }
.word-palette .tile-wall { margin-top: 10px; }
`;var ie="latent-explorer: smooth images",oe="smooth";function se(){try{return localStorage.getItem(ie)==="1"}catch{return!1}}var K=n=>{n.classList.toggle(oe,se())};var k=class{constructor(e,t,a,r,o=()=>null){this.appRoot=t;g(),this.element=s("div",{className:`stage ${a}`.trim()},s("style",{},G+r),this.message,this.frame),K(this.element),this.presenter=o(this.element),e.replaceChildren(this.element)}appRoot;frame=s("div",{className:"frame"});element;message=s("p",{className:"notice",role:"status"});presenter;parts=[];view=null;data=null;refresh(e,t){}theme(){this.view?.theme()}notice=e=>{this.message.textContent=e};update(e){let t=this.data&&this.subject(this.data)===this.subject(e)?this.data:null;this.data=e,t||(this.close(),this.notice(""),this.open(e)),this.refresh(e,t),requestAnimationFrame(()=>this.theme())}dispose(){this.presenter?.dispose(),this.close(),this.element.remove()}show(e){return this.view?.dispose(),this.view=e,this.frame.replaceChildren(e.root),e.theme(),e}own(e){return this.parts.push(e),e}close(){this.view?.dispose(),this.view=null;for(let e of this.parts.splice(0).reverse())e.dispose()}};var F=()=>globalThis.devicePixelRatio||1;function I(n,e,t,a){let r=n.width!==e||n.height!==t;return r&&([n.width,n.height]=[e,t]),n.style.width=`${e*a}px`,n.style.height=`${t*a}px`,r}function le(n,e,t=F()){let a=Math.max(1,Math.floor(2*e*t/n)/2);return n*(a>=3?Math.floor(a):a)/t}var M=class{constructor(e,t,a){this.shape=e;let[,r,o]=e;this.canvas=s("canvas",{width:o,height:r,className:"picture",role:"img","aria-label":a}),this.resize(t),this.context=this.canvas.getContext("2d")}shape;canvas;context;resize(e){let[,t,a]=this.shape,r=le(Math.max(a,t),e)/Math.max(a,t);I(this.canvas,a,t,r)}paint(e){this.context?.putImageData(new ImageData(e,this.shape[2],this.shape[1]),0,0)}};var S=class{constructor(e,t,a,r,o){this.shape=e;this.rows=t;this.columns=a;this.gap=r;let[,i,l]=e;[this.sheet.width,this.sheet.height]=[l,i*t*a],this.canvas=s("canvas",{className:"tiles",role:"img","aria-label":o})}shape;rows;columns;gap;canvas;width=0;cell=0;sheet=s("canvas",{});loaded=!1;fit(e,t=1/0){let{rows:a,columns:r,shape:o}=this,i=F(),l=Math.round(this.gap*i),d=Math.floor(Math.min(t*i,(e*i-(r-1)*l)/r));if(d<1)return;let p=Math.round(d*o[1]/o[2]),m=I(this.canvas,r*(d+l)-l,a*(p+l)-l,1/i);[this.width,this.cell]=[this.canvas.width/i,d/i],m&&this.paint()}load(e){let t=this.sheet.getContext("2d");e instanceof ImageBitmap?t.drawImage(e,0,0):t.putImageData(new ImageData(e,this.sheet.width),0,0),this.loaded=!0,this.paint()}paint(){if(!this.loaded||!this.cell)return;let{rows:e,columns:t,shape:[,a,r]}=this,o=this.canvas.getContext("2d"),i=Math.round(this.gap*F()),l=(this.canvas.width+i)/t-i,d=(this.canvas.height+i)/e-i;o.imageSmoothingEnabled=l<3*r,o.imageSmoothingQuality="high";for(let p=0;p<e*t;p++){let[m,c]=[p%t*(l+i),Math.floor(p/t)*(d+i)];o.drawImage(this.sheet,0,p*a,r,a,m,c,l,d)}}};function Q(n,e,t,a){let r=n.length/e,o=Math.floor(t),i=t-o,l=u=>((o+u)%r+r)%r*e,[d,p,m,c]=[l(-1),l(0),l(1),l(2)],h=[i*(i*(2-i)-1)/2,(i*i*(3*i-5)+2)/2,i*(i*(4-3*i)+1)/2,i*i*(i-1)/2];for(let u=0;u<e;u++)a[u]=h[0]*n[d+u]+h[1]*n[p+u]+h[2]*n[m+u]+h[3]*n[c+u];return a}var de=3,pe=1400,P=class{constructor(e,t,a){this.card=e;this.base=t;this.decoders=a;this.tiles=new S(e.imageShape,e.rows,e.columns,de,`images decoded by ${e.name}`)}card;base;decoders;tiles;playing=0;elapsed=0;async load(){let e=performance.now(),t=await W(this.base+"cover.png");this.tiles.load(t),t.close(),g().paints.push(e,e,performance.now())}async play(){if(this.playing||V())return;let e=this.playing=performance.now(),{latentSize:t,imageShape:a,rows:r,columns:o}=this.card,i=r*o,[l,d]=await Promise.all([this.decoders.get({base:this.base,latentSize:t,imageShape:a}),f(this.base+"cover").then(h=>new Float32Array(h))]),p=new Float32Array(i*t),m=performance.now(),c=async()=>{if(this.playing!==e)return;let h=performance.now();this.elapsed+=Math.min(h-m,50),m=h;let u=await l.decode(Q(d,p.length,this.elapsed/pe,p),i);this.playing===e&&(this.tiles.load(u),g().paints.push(h,h,performance.now()),requestAnimationFrame(()=>{c().catch(()=>this.stop())}))};this.playing===e&&await c()}stop(){this.playing=0}};var y=({page:n,query:e},t)=>new URL(`${n}?${new URLSearchParams(e)}`,t).href;function x(n){return n.addEventListener("click",e=>{e.button||e.ctrlKey||e.metaKey||e.shiftKey||e.altKey||(e.preventDefault(),history.pushState({},"",n.href),dispatchEvent(new PopStateEvent("popstate")))}),n}var T=class{constructor(e,t,a){this.data=e;this.cover=new P(e,new URL(e.base,t).href,a);let r=s("dl",{});for(let{label:o,value:i,unit:l,about:d}of e.figures)r.append(s("div",{title:d},s("dt",{},o),s("dd",{},i,l?s("small",{},` ${l}`):null)));this.root=s("a",{className:"card",href:y(e.to,t),"aria-label":`${e.title}: ${e.name}. ${e.mark?`${e.mark}. `:""}${e.caption}`,"aria-description":e.figures.map(({label:o,value:i,unit:l})=>`${o} ${i} ${l??""}`).join(", ")},s("span",{className:"picture-place"},this.cover.tiles.canvas),s("span",{className:"heading"},s("b",{},e.title),s("code",{},e.name),e.mark?s("small",{className:"mark"},e.mark):null),s("span",{className:"caption"},e.caption),r),x(this.root);for(let o of["pointerenter","focus"])this.root.addEventListener(o,()=>{this.cover.play().catch(()=>this.cover.stop())});for(let o of["pointerleave","blur"])this.root.addEventListener(o,()=>this.cover.stop())}data;root;cover};var ce=4,z=class{constructor(e){this.assets=e}assets;open=new Map;get({base:e,latentSize:t,imageShape:a}){let r=this.open.get(e);this.open.delete(e),r??=f(e+"decoder.onnx").then(async o=>N(await this.assets,{onnx:o,latentSize:t,shape:a},"wasm")).catch(()=>O(e+"decode",a)),this.open.set(e,r);for(let o of[...this.open.keys()].slice(0,-ce))this.close(o);return r}dispose(){for(let e of[...this.open.keys()])this.close(e)}close(e){this.open.get(e)?.then(t=>t.dispose(),()=>{}),this.open.delete(e)}};var J=`.gallery section + section { margin-top: 36px; }
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
`;var he="₀₁₂₃₄₅₆₇₈₉",Y=n=>"z"+[...String(n+1)].map(e=>he[+e]).join("");var ue=256,[ge,fe]=[.1,.5],C=class{constructor(e,t,a){this.data=e;this.appRoot=t;this.decoders=a;let{dimension:r,reach:o,latentSize:i,imageShape:l}=e;this.z=Float32Array.from(e.z);let d=new M(l,ue,"decoded image"),p=Uint8Array.from(atob(e.first),c=>c.charCodeAt(0));p.length&&(d.paint(b(p,1,l,1)),g().first||=performance.now());let m=Y(r);this.frames=new v(async c=>(await this.decoder()).decode(c,1),c=>d.paint(c),c=>this.hint.textContent=A(c)),this.slider=j(`number ${r+1} of ${i}`,{min:-o,max:o,step:"any",value:this.z[r]},c=>this.move(c)),H(this.slider,ge,fe,c=>this.move(Math.max(-o,Math.min(o,this.z[r]+c)))),this.root=s("figure",{className:"hero"},d.canvas,s("div",{className:"under"},this.hint,this.slider),s("figcaption",{},`${m} = `,this.value,` · one of ${i} numbers · `,x(s("a",{href:y(e.to,t)},"move them all")))),this.value.value=U(this.z[r])}data;appRoot;decoders;root;z;slider;value=s("output",{className:"figure"});hint=s("span",{className:"drag-me"},"drag me");frames;ready(){this.decoder()}dispose(){this.frames.stop()}decoder(){return this.decoders.get({...this.data,base:new URL(this.data.base,this.appRoot).href})}move(e){let{dimension:t}=this.data;this.z[t]=e,this.value.value=U(e),this.slider.valueAsNumber!==e&&(this.slider.value=String(e)),this.hint.classList.add("done"),this.frames.request(this.z)}};var E=class extends k{decoders=new z(_());cards=new Map;hero=null;sizes=new ResizeObserver(e=>{for(let{target:t,contentRect:a}of e)this.cards.get(t.closest(".card"))?.cover.tiles.fit(a.width)});nearScreen=new IntersectionObserver(e=>this.load(e),{rootMargin:"400px"});constructor(e,t){super(e,t,"gallery",J)}subject(e){return JSON.stringify(e)}open({hero:e,steps:t,groups:a}){this.clear(),this.hero=e?new C(e,this.appRoot,this.decoders):null,this.frame.replaceChildren(this.opening(t),...a.map(i=>this.group(i)));let[r]=this.cards.values();(globalThis.requestIdleCallback??(i=>setTimeout(i,500)))(()=>{this.hero?this.hero.ready():r&&this.cards.size&&this.decoders.get({...r.data,base:new URL(r.data.base,this.appRoot).href})})}dispose(){this.clear(),this.decoders.dispose(),super.dispose()}clear(){this.hero?.dispose(),this.hero=null;for(let e of this.cards.values())e.cover.stop();this.sizes.disconnect(),this.nearScreen.disconnect(),this.cards.clear()}opening(e){let t=e.map(({title:a,about:r,to:o},i)=>s("li",{},x(s("a",{className:"step",href:y(o,this.appRoot)},s("b",{},`${i+1} `,s("span",{},a)),s("small",{},r)))));return s("section",{className:"opening","aria-label":"what this is"},s("div",{className:"words"},s("h1",{},"An autoencoder turns an image into a few numbers, and back."),s("p",{className:"lead"},"Move one of the numbers, and your browser decodes the image anew.")),this.hero?.root,t.length?s("nav",{className:"path","aria-label":"a path in 60 seconds"},s("h2",{},"In 60 seconds"),s("ol",{className:"steps"},...t)):null)}group({title:e,about:t,cards:a,comparisons:r}){let o=s("div",{className:"cards"});for(let l of a){let d=new T(l,this.appRoot,this.decoders);this.cards.set(d.root,d),o.append(d.root),this.sizes.observe(d.root.querySelector(".picture-place")),this.nearScreen.observe(d.root)}let i=s("nav",{className:"comparisons","aria-label":`comparisons of ${e}`});for(let{label:l,about:d,to:p}of r)i.append(x(s("a",{className:"comparison",href:y(p,this.appRoot),title:d},l)));return s("section",{"aria-label":e},s("header",{},s("h2",{},e),s("p",{className:"hint"},t),i),o)}load(e){for(let{target:t,isIntersecting:a}of e){if(!a)continue;this.nearScreen.unobserve(t);let r=this.cards.get(t);r?.cover.load().catch(o=>r.root.querySelector(".caption").textContent=o.message)}}};function X(n){let e=new WeakMap;return(t,a)=>{let r=t.parentElement,o=e.get(r);if(!o){let i={component:t};i.page=n(r,a,()=>i.component),e.set(r,o=i)}return o.component=t,o.page.update(t.data),()=>{e.get(r)?.page.dispose(),e.delete(r)}}}var yr=X((n,e)=>new E(n,e));export{yr as default};
