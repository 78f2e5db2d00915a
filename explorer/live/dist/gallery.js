function S(i){if(typeof i=="string")return i;let e=globalThis.addressesOf??=new WeakMap,t=e.get(i);return t||e.set(i,t=URL.createObjectURL(i)),t}function B(i){if(globalThis.inlinedFiles)return globalThis.inlinedFiles.assets;let e=t=>new URL(t,i).href;return{worker:e("worker.js"),cpu:{ort:e("ort.wasm.min.mjs"),glue:e("ort-wasm-simd-threaded.mjs"),wasm:e("ort-wasm-simd-threaded.wasm")},gpu:{ort:e("ort.jspi.min.mjs"),glue:e("ort-wasm-simd-threaded.jspi.mjs"),wasm:e("ort-wasm-simd-threaded.jspi.wasm")}}}var H=400;async function F(i,e=!0){let t;try{t=await fetch(i)}catch{if(!e)throw new Error("The server does not answer; check the connection and reload the page.");return await new Promise(a=>setTimeout(a,H)),F(i,!1)}if(!t.ok)throw new Error(await q(t));return t}async function u(i){return globalThis.inlinedFiles?globalThis.inlinedFiles.bytes(i):(await F(i)).arrayBuffer()}async function q(i){let e=(await i.text().catch(()=>"")).trim();return i.headers.get("content-type")?.startsWith("text/plain")&&e&&e.length<400?e:`The server answered ${i.status}; reload the page.`}function v(i,e,[t,a,r],n=255){return t===1?V(i,e*a*r,n):G(i,e,a*r,n)}function V(i,e,t){let a=new Uint32Array(e);for(let r=0;r<e;r++){let n=i[r]*t,o=n>0?n<255?n+.5|0:255:0;a[r]=4278190080|o*65793}return new Uint8ClampedArray(a.buffer)}function G(i,e,t,a){let r=new Uint8ClampedArray(e*t*4);for(let n=0,o=0;n<e;n++){let s=n*3*t;for(let d=s;d<s+t;d++,o+=4)r[o]=i[d]*a,r[o+1]=i[d+t]*a,r[o+2]=i[d+2*t]*a,r[o+3]=255}return r}async function C(i,e,t){let r=t==="webgpu"?i.gpu:i.cpu;if(!r)throw new Error("This page has no runtime for a GPU.");let n=await import(S(r.ort));n.env.logLevel="error";let[o,{wasm:s}]=[S(r.glue),r];typeof s=="string"?n.env.wasm.wasmPaths={mjs:o,wasm:s}:[n.env.wasm.wasmPaths,n.env.wasm.wasmBinary]=[{mjs:o},s],n.env.wasm.numThreads=1;let d=await n.InferenceSession.create(new Uint8Array(e.onnx),{executionProviders:[t],logSeverityLevel:3}),l=new T(n,d,e);return await l.decode(new Float32Array(e.latentSize),1),l}var T=class{constructor(e,t,a){this.ort=e;this.session=t;this.source=a}ort;session;source;async decode(e,t){let{latentSize:a,shape:r}=this.source,o=(await this.session.run({z:new this.ort.Tensor("float32",e,[t,a])})).image.data;if(o.length!==t*r[0]*r[1]*r[2])throw new Error("The decoder gives images of another size than the checkpoint says.");return v(o,t,r)}dispose(){this.session.release()}};function D(i,e){return{async decode(t,a){if(globalThis.inlinedFiles)throw new Error("There is no server.");let r=await fetch(i,{method:"POST",body:new Float32Array(t)});if(!r.ok)throw new Error(`The server could not decode (${r.status}).`);return v(new Uint8Array(await r.arrayBuffer()),a,e,1)},dispose:()=>{}}}var y=class{constructor(e,t=2048){this.width=e;this.capacity=t;this.rows=new Float64Array(e*t)}width;capacity;total=0;rows;push(...e){this.rows.set(e,this.total++%this.capacity*this.width)}read(e=0){let t=[];for(let a=Math.max(e,this.total-this.capacity);a<this.total;a++){let r=a%this.capacity*this.width;t.push([...this.rows.subarray(r,r+this.width)])}return t}};function g(){return window.__stage??={paints:new y(3),strips:new y(3),backend:"",first:0}}function p(i,e={},...t){let a=document.createElement(i);for(let[r,n]of Object.entries(e))r==="dataset"?Object.assign(a.dataset,n):r.startsWith("aria-")||r==="role"||r==="for"?a.setAttribute(r,String(n)):a[r]=n;return a.append(...t.filter(r=>r!=null&&r!==!1)),a}var U=()=>matchMedia("(prefers-reduced-motion: reduce)").matches;async function z(i){return createImageBitmap(new Blob([await u(i)],{type:"image/png"}))}var L=()=>B(import.meta.url);var I=`.stage {
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
.notice { margin: 0; color: var(--text); }
.notice:not(:empty) { padding: 8px 12px; margin-bottom: 12px; background: var(--raised); border-left: 3px solid var(--accent); border-radius: 3px; }
.figure { font-variant-numeric: tabular-nums; text-align: right; }
.hint, figcaption, small, .readout { color: var(--quiet); font-size: 12.5px; }
figure { margin: 0; }
figcaption { margin-top: 6px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
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
.stage button:hover:not(:disabled), .stage select:hover { border-color: var(--accent); color: var(--accent); }
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
}

/* menu */
.stage:has(.menu[open]) { position: relative; z-index: 5; } /* above what Streamlit puts below the stage */
.menu { position: relative; }
.menu summary { list-style: none; height: 32px; line-height: 30px; padding: 0 11px; border: 1px solid var(--line); border-radius: var(--radius); cursor: pointer; user-select: none; }
.menu summary::-webkit-details-marker { display: none; }
.menu summary::after { content: " ▾"; color: var(--quiet); }
.menu summary:hover { border-color: var(--accent); color: var(--accent); }
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
.legend button i { width: 10px; height: 10px; border-radius: 50%; }
.legend button[aria-pressed="false"] { color: var(--quiet); }
.legend button[aria-pressed="false"] i { opacity: 0.2; }
.pointer { display: flex; flex-wrap: wrap; gap: 8px 16px; align-items: flex-start; padding-top: 8px; }
.pointer figcaption { font-size: 12px; margin-top: 4px; }
.pointer .place { flex: 1 1 160px; margin: 2px 0 0; }
.selection { margin: 8px 0 0; min-height: 1.4em; }
.explore { display: grid; grid-template-columns: minmax(0, 1fr); gap: 28px; }
.side-panel { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; align-content: start; min-width: 0; }
@container (min-width: 1000px) {
  .explore { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 36px; align-items: start; }
  .explore .map-panel { position: sticky; top: 12px; }
}
.dimension .factor { color: var(--text); line-height: 1.25; }
.stacked .dimension .factor { grid-column: 1 / -1; }
`;var b=class{constructor(e,t,a,r,n=()=>null){this.appRoot=t;g(),this.element=p("div",{className:`stage ${a}`.trim()},p("style",{},I+r),this.message,this.frame),this.presenter=n(this.element),e.replaceChildren(this.element)}appRoot;frame=p("div",{className:"frame"});element;message=p("p",{className:"notice",role:"status"});presenter;parts=[];view=null;data=null;refresh(e,t){}theme(){this.view?.theme()}notice=e=>{this.message.textContent=e};update(e){let t=this.data&&this.subject(this.data)===this.subject(e)?this.data:null;this.data=e,t||(this.close(),this.notice(""),this.open(e)),this.refresh(e,t),requestAnimationFrame(()=>this.theme())}dispose(){this.presenter?.dispose(),this.close(),this.element.remove()}show(e){return this.view?.dispose(),this.view=e,this.frame.replaceChildren(e.root),e.theme(),e}own(e){return this.parts.push(e),e}close(){this.view?.dispose(),this.view=null;for(let e of this.parts.splice(0).reverse())e.dispose()}};var P=()=>globalThis.devicePixelRatio||1;function N(i,e,t,a){let r=i.width!==e||i.height!==t;return r&&([i.width,i.height]=[e,t]),i.style.width=`${e*a}px`,i.style.height=`${t*a}px`,r}var w=class{constructor(e,t,a,r,n){this.shape=e;this.rows=t;this.columns=a;this.gap=r;let[,o,s]=e;[this.sheet.width,this.sheet.height]=[s,o*t*a],this.canvas=p("canvas",{className:"tiles",role:"img","aria-label":n})}shape;rows;columns;gap;canvas;width=0;cell=0;sheet=p("canvas",{});loaded=!1;fit(e,t=1/0){let{rows:a,columns:r,shape:n}=this,o=P(),s=Math.round(this.gap*o),d=Math.floor(Math.min(t*o,(e*o-(r-1)*s)/r));if(d<1)return;let l=Math.round(d*n[1]/n[2]),m=N(this.canvas,r*(d+s)-s,a*(l+s)-s,1/o);[this.width,this.cell]=[this.canvas.width/o,d/o],m&&this.paint()}load(e){let t=this.sheet.getContext("2d");e instanceof ImageBitmap?t.drawImage(e,0,0):t.putImageData(new ImageData(e,this.sheet.width),0,0),this.loaded=!0,this.paint()}paint(){if(!this.loaded||!this.cell)return;let{rows:e,columns:t,shape:[,a,r]}=this,n=this.canvas.getContext("2d"),o=Math.round(this.gap*P()),s=(this.canvas.width+o)/t-o,d=(this.canvas.height+o)/e-o;n.imageSmoothingEnabled=s<3*r,n.imageSmoothingQuality="high";for(let l=0;l<e*t;l++){let[m,f]=[l%t*(s+o),Math.floor(l/t)*(d+o)];n.drawImage(this.sheet,0,l*a,r,a,m,f,s,d)}}};function $(i,e,t,a){let r=i.length/e,n=Math.floor(t),o=t-n,s=h=>((n+h)%r+r)%r*e,[d,l,m,f]=[s(-1),s(0),s(1),s(2)],c=[o*(o*(2-o)-1)/2,(o*o*(3*o-5)+2)/2,o*(o*(4-3*o)+1)/2,o*o*(o-1)/2];for(let h=0;h<e;h++)a[h]=c[0]*i[d+h]+c[1]*i[l+h]+c[2]*i[m+h]+c[3]*i[f+h];return a}var _=3,Q=1400,x=class{constructor(e,t,a){this.card=e;this.base=t;this.decoders=a;this.tiles=new w(e.imageShape,e.rows,e.columns,_,`images decoded by ${e.name}`)}card;base;decoders;tiles;playing=0;elapsed=0;async load(){let e=performance.now(),t=await z(this.base+"cover.png");this.tiles.load(t),t.close(),g().paints.push(e,e,performance.now())}async play(){if(this.playing||U())return;let e=this.playing=performance.now(),{latentSize:t,imageShape:a,rows:r,columns:n}=this.card,o=r*n,[s,d]=await Promise.all([this.decoders.get({base:this.base,latentSize:t,imageShape:a}),u(this.base+"cover").then(c=>new Float32Array(c))]),l=new Float32Array(o*t),m=performance.now(),f=async()=>{if(this.playing!==e)return;let c=performance.now();this.elapsed+=Math.min(c-m,50),m=c;let h=await s.decode($(d,l.length,this.elapsed/Q,l),o);this.playing===e&&(this.tiles.load(h),g().paints.push(c,c,performance.now()),requestAnimationFrame(()=>{f().catch(()=>this.stop())}))};this.playing===e&&await f()}stop(){this.playing=0}};var R=({page:i,query:e},t)=>new URL(`${i}?${new URLSearchParams(e)}`,t).href;function E(i){return i.addEventListener("click",e=>{e.button||e.ctrlKey||e.metaKey||e.shiftKey||e.altKey||(e.preventDefault(),history.pushState({},"",i.href),dispatchEvent(new PopStateEvent("popstate")))}),i}var k=class{constructor(e,t,a){this.data=e;this.cover=new x(e,new URL(e.base,t).href,a);let r=p("dl",{});for(let{label:n,value:o,unit:s,about:d}of e.figures)r.append(p("div",{title:d},p("dt",{},n),p("dd",{},o,s?p("small",{},` ${s}`):null)));this.root=p("a",{className:"card",href:R(e.to,t),"aria-label":`${e.title}: ${e.name}. ${e.caption}`,"aria-description":e.figures.map(({label:n,value:o,unit:s})=>`${n} ${o} ${s??""}`).join(", ")},p("span",{className:"picture-place"},this.cover.tiles.canvas),p("span",{className:"heading"},p("b",{},e.title),p("code",{},e.name)),p("span",{className:"caption"},e.caption),r),E(this.root);for(let n of["pointerenter","focus"])this.root.addEventListener(n,()=>{this.cover.play().catch(()=>this.cover.stop())});for(let n of["pointerleave","blur"])this.root.addEventListener(n,()=>this.cover.stop())}data;root;cover};var J=4,A=class{constructor(e){this.assets=e}assets;open=new Map;get({base:e,latentSize:t,imageShape:a}){let r=this.open.get(e);this.open.delete(e),r??=u(e+"decoder.onnx").then(n=>C(this.assets,{onnx:n,latentSize:t,shape:a},"wasm")).catch(()=>D(e+"decode",a)),this.open.set(e,r);for(let n of[...this.open.keys()].slice(0,-J))this.close(n);return r}dispose(){for(let e of[...this.open.keys()])this.close(e)}close(e){this.open.get(e)?.then(t=>t.dispose(),()=>{}),this.open.delete(e)}};var O=`.gallery section + section { margin-top: 36px; }
.gallery section > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 14px; padding-bottom: 12px; }
.gallery h2 { font-size: 18px; font-weight: 600; margin: 0; padding: 0; line-height: 1.4; }
.gallery header p { margin: 0; }
.comparisons { display: flex; flex-wrap: wrap; gap: 8px; margin-left: auto; }
.comparison { border: 1px solid var(--line); border-radius: var(--radius); padding: 4px 11px; color: inherit; text-decoration: none; white-space: nowrap; }
.comparison::after { content: " →"; color: var(--accent); }
.comparison:hover { border-color: var(--accent); color: var(--accent); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(272px, 100%), 1fr)); gap: 18px; }
.card { display: flex; flex-direction: column; gap: 8px; padding: 12px; border: 1px solid var(--line); border-radius: var(--radius); color: inherit; text-decoration: none; min-width: 0; }
.card:hover { border-color: var(--accent); }
.card .picture-place { display: block; border-radius: 3px; overflow: hidden; min-height: 60px; }
.gallery canvas.tiles { margin: 0 auto; image-rendering: auto; }
.card .heading { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 0 12px; }
.card .heading b { font-size: 15px; font-weight: 600; }
.card code { color: var(--quiet); font-size: 12px; overflow-wrap: anywhere; background: none; padding: 0; }
.card .caption { flex: 1; line-height: 1.4; }
.card dl { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 0; padding-top: 8px; border-top: 1px solid var(--faint); }
.card dt { color: var(--quiet); font-size: 12px; }
.card dd { margin: 0; }
.card dd small { font-size: 12px; }
`;var M=class extends b{decoders=new A(L());cards=new Map;sizes=new ResizeObserver(e=>{for(let{target:t,contentRect:a}of e)this.cards.get(t.closest(".card"))?.cover.tiles.fit(a.width)});nearScreen=new IntersectionObserver(e=>this.load(e),{rootMargin:"400px"});constructor(e,t){super(e,t,"gallery",O)}subject({groups:e}){return JSON.stringify(e)}open({groups:e}){this.clear(),this.frame.replaceChildren(...e.map(r=>this.group(r)));let[t]=this.cards.values();(globalThis.requestIdleCallback??(r=>setTimeout(r,500)))(()=>t&&this.cards.size&&void this.decoders.get({...t.data,base:new URL(t.data.base,this.appRoot).href}))}dispose(){this.clear(),this.decoders.dispose(),super.dispose()}clear(){for(let e of this.cards.values())e.cover.stop();this.sizes.disconnect(),this.nearScreen.disconnect(),this.cards.clear()}group({title:e,about:t,cards:a,comparisons:r}){let n=p("div",{className:"cards"});for(let s of a){let d=new k(s,this.appRoot,this.decoders);this.cards.set(d.root,d),n.append(d.root),this.sizes.observe(d.root.querySelector(".picture-place")),this.nearScreen.observe(d.root)}let o=p("nav",{className:"comparisons","aria-label":`comparisons of ${e}`});for(let{label:s,about:d,to:l}of r)o.append(E(p("a",{className:"comparison",href:R(l,this.appRoot),title:d},s)));return p("section",{"aria-label":e},p("header",{},p("h2",{},e),p("p",{className:"hint"},t),o),n)}load(e){for(let{target:t,isIntersecting:a}of e){if(!a)continue;this.nearScreen.unobserve(t);let r=this.cards.get(t);r?.cover.load().catch(n=>r.root.querySelector(".caption").textContent=n.message)}}};function j(i){let e=new WeakMap;return(t,a)=>{let r=t.parentElement,n=e.get(r);if(!n){let o={component:t};o.page=i(r,a,()=>o.component),e.set(r,n=o)}return n.component=t,n.page.update(t.data),()=>{e.get(r)?.page.dispose(),e.delete(r)}}}var mt=j((i,e)=>new M(i,e));export{mt as default};
