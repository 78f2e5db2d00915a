function oe(s){if(typeof s=="string")return s;let e=globalThis.addressesOf??=new WeakMap,t=e.get(s);return t||e.set(s,t=URL.createObjectURL(s)),t}function fe(s){if(globalThis.inlinedFiles)return globalThis.inlinedFiles.assets;let e=t=>new URL(t,s).href;return{worker:e("worker.js"),cpu:{ort:e("ort.wasm.min.mjs"),glue:e("ort-wasm-simd-threaded.mjs"),wasm:e("ort-wasm-simd-threaded.wasm")},gpu:{ort:e("ort.jspi.min.mjs"),glue:e("ort-wasm-simd-threaded.jspi.mjs"),wasm:e("ort-wasm-simd-threaded.jspi.wasm")}}}var Ke=400;async function ge(s,e=!0){let t;try{t=await fetch(s)}catch{if(!e)throw new Error("The server does not answer; check the connection and reload the page.");return await new Promise(r=>setTimeout(r,Ke)),ge(s,!1)}if(!t.ok)throw new Error(await Ye(t));return t}async function g(s){return globalThis.inlinedFiles?globalThis.inlinedFiles.bytes(s):(await ge(s)).arrayBuffer()}async function Ye(s){let e=(await s.text().catch(()=>"")).trim();return s.headers.get("content-type")?.startsWith("text/plain")&&e&&e.length<400?e:`The server answered ${s.status}; reload the page.`}var z=class{constructor(e,t,r,i,n,o){this.assets=e;this.source=t;this.size=r;this.besideHand=i;this.hear=o;this.add(n)}assets;source;size;besideHand;hear;workers=[];held=new Map;waiting=new Map;shown=new Map;asked=-1/0;moving=!1;rest;decode(e){if(!(!this.held.size||!e.length)){for(let t of e)this.waiting.set(t.channel,t);this.moving=e[0].asked-this.asked<60,this.asked=e[0].asked,clearTimeout(this.rest),this.rest=setTimeout(()=>{this.moving=!1,this.feed()},60),this.feed()}}drop(e){for(let t of[...this.waiting.keys()])t.startsWith(e)&&this.waiting.delete(t)}tell(e){this.workers[0]&&ae(this.workers[0],e)}dispose(){clearTimeout(this.rest),this.keep(0)}add(e){let t=new Worker(this.assets.worker,{type:globalThis.inlinedFiles?"classic":"module"});t.onmessage=({data:r})=>this.receive(t,r),t.onerror=r=>this.receive(t,{kind:"failed",reason:r.message}),ae(t,{kind:"open",assets:this.assets,source:this.source,tryGpu:e}),this.workers.push(t)}receive(e,t){let r=e===this.workers[0];if(t.kind==="ready")this.grown(e,t.backend,t.milliseconds);else if(t.kind==="images")this.decoded(e,t);else if(t.kind==="failed"&&!r&&!this.held.has(e))return this.keep(1);(t.kind==="ready"?r:t.kind!=="images")&&this.hear(t)}grown(e,t,r){t==="webgpu"&&this.keep(1),this.held.has(e)||this.held.set(e,0),r>3&&this.workers.length<this.size&&this.add(!1),this.feed()}decoded(e,t){this.held.set(e,this.held.get(e)-1),this.feed(),!(t.asked<(this.shown.get(t.channel)??0))&&(this.shown.set(t.channel,t.asked),this.hear(t))}feed(){let e=[...this.held.keys()].slice(0,this.moving?this.besideHand:void 0);for(let[t,r]of this.waiting){let i=e.reduce((o,a)=>this.held.get(a)<this.held.get(o)?a:o),n=this.held.get(i);if(n>=2)return;this.waiting.delete(t),this.held.set(i,n+1),ae(i,{kind:"decode",item:r})}}keep(e){this.size=e;for(let t of this.workers.splice(e))t.terminate(),this.held.delete(t)}},ae=(s,e)=>s.postMessage(e);function E(s,e,[t,r,i],n=255){return t===1?Xe(s,e*r*i,n):je(s,e,r*i,n)}function Xe(s,e,t){let r=new Uint32Array(e);for(let i=0;i<e;i++){let n=s[i]*t,o=n>0?n<255?n+.5|0:255:0;r[i]=4278190080|o*65793}return new Uint8ClampedArray(r.buffer)}function je(s,e,t,r){let i=new Uint8ClampedArray(e*t*4);for(let n=0,o=0;n<e;n++){let a=n*3*t;for(let h=a;h<a+t;h++,o+=4)i[o]=s[h]*r,i[o+1]=s[h+t]*r,i[o+2]=s[h+2*t]*r,i[o+3]=255}return i}function le(s,[,e,t],{factor:r,gap:i}){return[s*Math.floor(t/r)+(s-1)*i,Math.floor(e/r)]}function be(s,e,t,r){let[,i,n]=t,o=s;for(let d=r.factor;d>1;d/=2,i>>=1,n>>=1)o=Ze(o,e,i,n);let[a]=le(e,t,r),[h,c]=[new Uint32Array(o.buffer),new Uint32Array(a*i)];for(let d=0;d<e;d++)for(let u=0;u<i;u++)c.set(h.subarray((d*i+u)*n,(d*i+u+1)*n),u*a+d*(n+r.gap));return new Uint8ClampedArray(c.buffer)}function Ze(s,e,t,r){let[i,n]=[t>>1,r>>1],o=new Uint8ClampedArray(e*i*n*4);for(let a=0,h=0;a<e;a++)for(let c=0;c<i;c++)for(let d=0;d<n;d++)for(let u=0,m=((a*t+2*c)*r+2*d)*4;u<4;u++,m++)o[h++]=(s[m]+s[m+4]+s[m+4*r]+s[m+4*r+4])/4;return o}async function ve(s,e,t){let i=t==="webgpu"?s.gpu:s.cpu;if(!i)throw new Error("This page has no runtime for a GPU.");let n=await import(oe(i.ort));n.env.logLevel="error";let[o,{wasm:a}]=[oe(i.glue),i];typeof a=="string"?n.env.wasm.wasmPaths={mjs:o,wasm:a}:[n.env.wasm.wasmPaths,n.env.wasm.wasmBinary]=[{mjs:o},a],n.env.wasm.numThreads=1;let h=await n.InferenceSession.create(new Uint8Array(e.onnx),{executionProviders:[t],logSeverityLevel:3}),c=new he(n,h,e);return await c.decode(new Float32Array(e.latentSize),1),c}var he=class{constructor(e,t,r){this.ort=e;this.session=t;this.source=r}ort;session;source;async decode(e,t){let{latentSize:r,shape:i}=this.source,o=(await this.session.run({z:new this.ort.Tensor("float32",e,[t,r])})).image.data;if(o.length!==t*i[0]*i[1]*i[2])throw new Error("The decoder gives images of another size than the checkpoint says.");return E(o,t,i)}dispose(){this.session.release()}};function ye(s,e){return{async decode(t,r){if(globalThis.inlinedFiles)throw new Error("There is no server.");let i=await fetch(s,{method:"POST",body:new Float32Array(t)});if(!i.ok)throw new Error(`The server could not decode (${i.status}).`);return E(new Uint8Array(await i.arrayBuffer()),r,e,1)},dispose:()=>{}}}var H=class{constructor(e,t=async()=>{}){this.work=e;this.pause=t}work;pause;waiting=new Map;busy=!1;put(e,t){this.waiting.set(e,t),this.busy||this.run()}async run(){for(this.busy=!0,await this.pause();;){let e=this.waiting.entries().next();if(e.done)break;let[t,r]=e.value;this.waiting.delete(t),await this.work(t,r),await this.pause()}this.busy=!1}};var $=class{constructor(e,t=2048){this.width=e;this.capacity=t;this.rows=new Float64Array(e*t)}width;capacity;total=0;rows;push(...e){this.rows.set(e,this.total++%this.capacity*this.width)}read(e=0){let t=[];for(let r=Math.max(e,this.total-this.capacity);r<this.total;r++){let i=r%this.capacity*this.width;t.push([...this.rows.subarray(i,i+this.width)])}return t}};function w(){return window.__stage??={paints:new $(3),strips:new $(3),backend:"",first:0}}var q=class{constructor(e,t,r,i,n=1){this.model=e;this.base=t;this.assets=r;this.notice=i;this.sharing=n}model;base;assets;notice;sharing;one;pool;server;waiting=new Map;distanceWaiting=new Map;serverQueue=new H((e,t)=>this.decodeOnServer(t));disposed=!1;opening;source;standing="";open(){return this.opening??=this.begin()}async begin(){try{let e={onnx:await g(this.base+"decoder.onnx"),latentSize:this.model.latentSize,shape:this.model.imageShape};if(this.source=e,this.disposed)return;this.pool=this.newPool(e),this.one=await ve(this.assets,e,"wasm"),w().backend="wasm"}catch(e){await this.fallBack(e)}this.disposed&&this.dispose()}async decode(e){!this.one&&!this.server&&await this.open();let t=this.one??this.server;if(!t)throw C();try{return await t.decode(e,1)}catch(r){if(t===this.server)throw C();return await this.fallBack(r),this.server.decode(e,1)}}decodeMany(e){if(this.server){for(let r of e)this.serverQueue.put(r.channel,r);return}let t=performance.now();for(let r of e)this.waiting.set(r.channel,r);this.pool?.decode(e.map(({channel:r,z:i,count:n,row:o})=>({channel:r,z:i,count:n,asked:t,row:o})))}drop(e){for(let t of[...this.waiting.keys()])t.startsWith(e)&&this.waiting.delete(t);this.pool?.drop(e)}setCodes(e){this.pool?.tell({kind:"codes",codes:e})}distances(e,t,r,i){this.distanceWaiting.set(e,i),this.pool?.tell({kind:"distances",channel:e,path:t,count:r})}dispose(){this.disposed=!0,this.pool?.dispose(),this.one?.dispose(),this.one=this.pool=void 0,this.waiting.clear()}newPool(e){let t=navigator.hardwareConcurrency||2,r=n=>Math.max(1,Math.min(4,Math.floor(n/this.sharing))),i=this.model.body==="conv"&&"Suspending"in WebAssembly&&"gpu"in navigator&&this.assets.gpu!==void 0;return new z(this.assets,e,r(Math.max(2,t-1)),r(t-1),i,n=>this.receive(n))}receive(e){if(e.kind==="ready")w().backend=e.backend,this.decodeMany([...this.waiting.values()]);else if(e.kind==="failed")this.fallBack(e.reason);else if(e.kind==="distances")this.distanceWaiting.get(e.channel)?.(e.distance,e.row);else{let t=this.waiting.get(e.channel);if(!t)return;t.done(e.rgba,e.count),w().strips.push(e.asked,performance.now(),e.count)}}async decodeOnServer({z:e,count:t,row:r,done:i}){try{let n=await this.server.decode(e,t);i(r?be(n,t,this.model.imageShape,r):n,t)}catch{this.notice(C().message)}}async fallBack(e){if(this.disposed||this.server)return;let t=ye(this.base+"decode",this.model.imageShape);if(this.server=t,this.one?.dispose(),this.one=void 0,console.warn("The stage decodes on the server:",e),globalThis.inlinedFiles)throw this.notice(C().message),C();this.standing="This browser cannot run the decoder itself, so images come from the server and follow more slowly.",this.notice(this.standing);try{await t.decode(new Float32Array(this.model.latentSize),1)}catch{throw C()}this.decodeMany([...this.waiting.values()])}},C=()=>new Error(globalThis.inlinedFiles?"This browser cannot run the decoder; open the page in a newer one.":"Neither this browser nor the server can run the decoder; check the connection and reload the page.");var W=class{constructor(e,t,r){this.decode=e;this.paint=t;this.failed=r}decode;paint;failed;pending=null;scheduled=!1;stopped=!1;request(e){this.pending={z:e.slice(),asked:this.pending?.asked??performance.now()},this.schedule()}stop(){this.pending=null,this.stopped=!0}schedule(){this.scheduled||this.stopped||(this.scheduled=!0,requestAnimationFrame(()=>{this.frame()}))}async frame(){let e=this.pending;if(this.pending=null,e){let t=performance.now();try{let r=await this.decode(e.z);if(this.stopped)return;this.paint(r,e.z),w().paints.push(e.asked,t,performance.now())}catch(r){this.stopped||this.failed(r)}}this.scheduled=!1,this.pending&&this.schedule()}};function l(s,e={},...t){let r=document.createElement(s);for(let[i,n]of Object.entries(e))i==="dataset"?Object.assign(r.dataset,n):i.startsWith("aria-")||i==="role"||i==="for"?r.setAttribute(i,String(n)):r[i]=n;return r.append(...t.filter(i=>i!=null&&i!==!1)),r}function we(s,e=""){let t=l("i",{className:e});return t.style.background=s,t}function y(s,e,t=""){let r=l("button",{type:"button",title:t},s);return r.addEventListener("click",e),r}function R(s,{min:e,max:t,step:r,value:i},n){let o=l("input",{type:"range",min:String(e),max:String(t),step:String(r),"aria-label":s});return i!==void 0&&(o.value=String(i)),o.addEventListener("input",()=>n(o.valueAsNumber)),o}var G=class{root;inputs=new Map;constructor(e,t,r,i){let n=`choice-${Math.random().toString(36).slice(2)}`;this.root=l("div",{className:"choice",role:"radiogroup","aria-label":e});for(let[o,a]of t){let h=l("input",{type:"radio",name:n,checked:o===r});h.addEventListener("change",()=>i(o)),this.inputs.set(o,h),this.root.append(l("label",{},h,l("span",{},a)))}}set(e){for(let[t,r]of this.inputs)r.checked=t===e}};var b=(s,e=2)=>Number.isFinite(s)?s.toFixed(e).replace(/^-(?=0*\.?0*$)/,"").replace("-","−"):"–",xe=()=>matchMedia("(prefers-reduced-motion: reduce)").matches,T=s=>s instanceof Error?s.message:String(s);var K=32,Je=5e3,Y=class{constructor(e,t){this.model=e;this.base=t}model;base;sheets=new Map;columns=new Map;missingOriginals="";missedAt=-1/0;async codes(){return new Float32Array(await g(this.base+"codes"))}async scales(){return new Float32Array(await g(this.base+"scales"))}async positions(e){let t=new Float32Array(await g(`${this.base}positions/${encodeURIComponent(e)}`));return[t.subarray(0,t.length/2),t.subarray(t.length/2)]}async sprites(e){return Me(`${this.base}sprites/${e.join("-")}/images.png`)}async spriteCodes(e){return new Float32Array(await g(`${this.base}sprites/${e.join("-")}/codes`))}column(e){return ke(this.columns,e,()=>this.fetchColumn(e))}async labels(){return this.model.columns.some(e=>e.key==="labels")?this.column("labels").then(({categories:e})=>e??null,()=>null):null}async drawOriginal(e,t,r=()=>!0){if(performance.now()-this.missedAt<Je)return!1;let[,i,n]=this.model.imageShape,o=Math.floor(e/K**2);try{let a=await ke(this.sheets,o,()=>Me(`${this.base}originals/${o}.png`));if(this.missingOriginals="",!r())return!0;let h=e%K**2;return(t.width!==n||t.height!==i)&&([t.width,t.height]=[n,i]),t.getContext("2d").drawImage(a,h%K*n,Math.floor(h/K)*i,n,i,0,0,n,i),!0}catch(a){return this.missedAt=performance.now(),this.missingOriginals=T(a),!1}}async restored(e,t,r,i){let n=await g(`${this.base}restored/${e}/${t}/${r}/${i.join(",")}`),[o,a]=[i.length,this.model.latentSize],h=new Float32Array(n,0,o*(1+a)),c=E(new Uint8Array(n,h.byteLength),o,this.model.imageShape,1);return{distortion:h.subarray(0,o),z:h.subarray(o),images:c}}async nearestTrainingImage(e){let r=btoa(String.fromCharCode(...new Uint8Array(e.slice().buffer))).replaceAll("+","-").replaceAll("/","_").replace(/=+$/,""),i=await g(`${this.base}training/${r}`),[n,o]=new Int32Array(i,4,2),a=E(new Uint8Array(i,12),1,this.model.imageShape,1);return{distance:new Float32Array(i,0,1)[0],row:n,label:o,image:a}}dispose(){for(let e of this.sheets.values())e.then(t=>t.close(),()=>{});this.sheets.clear()}async fetchColumn(e){let t=this.model.columns.find(n=>n.key===e);if(!t)throw new Error(`There is no column ${e}.`);let r=await g(`${this.base}column/${encodeURIComponent(e)}`);if(!t.names)return{column:t,values:new Float32Array(r)};let i=r.byteLength===2*this.model.count;return{column:t,categories:i?new Uint16Array(r):new Uint8Array(r)}}};function ke(s,e,t){let r=s.get(e);return r||(s.set(e,r=t()),r.catch(()=>s.delete(e))),r}async function Me(s){return createImageBitmap(new Blob([await g(s)],{type:"image/png"}))}var Qe=()=>fe(import.meta.url),X=class{constructor(e,t,r,i=1){this.model=e;this.notice=r;let n=new URL(e.base,t).href;this.engine=new q(e,n,Qe(),r,i),this.library=new Y(e,n)}model;notice;engine;library;frames(e){let t=!1,r=n=>{t&&this.notice(this.engine.standing),t=!1,e(n)},i=n=>{t=!0,this.notice(T(n))};return new W(n=>this.engine.decode(n),r,i)}dispose(){this.engine.dispose(),this.library.dispose()}};var Ae=`.stage {
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
  .stage:has(> button.present) .traverse .dimensions > header, .stage:has(> button.present) .traverse .walk-panel > header { padding-right: 92px; } /* the corner is the button's */
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
@container (min-width: 1000px) {
  .explore { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 36px; align-items: start; }
  .explore .map-panel { position: sticky; top: 12px; }
}
.dimension .factor { color: var(--text); line-height: 1.25; }
.stacked .dimension .factor { grid-column: 1 / -1; }

/* a “?” beside a term */
.stage button.term { width: 16px; height: 16px; padding: 0; margin: 0 2px 0 5px; border-radius: 50%; font-size: 11px; line-height: 14px; color: var(--quiet); vertical-align: 1px; }
.term-place { white-space: nowrap; }
.stage .term-box { position: fixed; inset: auto; margin: 0; width: min(340px, calc(100vw - 32px)); padding: 12px 14px; border: 1px solid var(--line); border-radius: var(--radius); background: var(--ground); color: var(--text); box-shadow: 0 8px 28px rgb(0 0 0 / 0.18); font-size: 14px; font-weight: 400; line-height: 1.45; white-space: normal; text-align: left; }
.stage .term-box:popover-open { display: grid; gap: 6px; }
.stage .term-box code { background: var(--raised); color: var(--text); padding: 6px 8px; border-radius: 4px; font-family: "Source Serif", Georgia, serif; font-size: 14.5px; }
.stage p.collapsed, .collapsed { color: var(--text); font-weight: 600; }
.stage.smooth canvas.picture, .stage.smooth canvas.strip, .stage.smooth canvas.tiles, .stage.smooth canvas.mosaic { image-rendering: auto; }
`;var tt="latent-explorer: smooth images",rt="smooth";function it(){try{return localStorage.getItem(tt)==="1"}catch{return!1}}var Se=s=>{s.classList.toggle(rt,it())};var j=class{constructor(e,t,r,i,n=()=>null){this.appRoot=t;w(),this.element=l("div",{className:`stage ${r}`.trim()},l("style",{},Ae+i),this.message,this.frame),Se(this.element),this.presenter=n(this.element),e.replaceChildren(this.element)}appRoot;frame=l("div",{className:"frame"});element;message=l("p",{className:"notice",role:"status"});presenter;parts=[];view=null;data=null;refresh(e,t){}theme(){this.view?.theme()}notice=e=>{this.message.textContent=e};update(e){let t=this.data&&this.subject(this.data)===this.subject(e)?this.data:null;this.data=e,t||(this.close(),this.notice(""),this.open(e)),this.refresh(e,t),requestAnimationFrame(()=>this.theme())}dispose(){this.presenter?.dispose(),this.close(),this.element.remove()}show(e){return this.view?.dispose(),this.view=e,this.frame.replaceChildren(e.root),e.theme(),e}own(e){return this.parts.push(e),e}close(){this.view?.dispose(),this.view=null;for(let e of this.parts.splice(0).reverse())e.dispose()}};function M(s,e){return e.dataset.key=s,e}var Z=class s{constructor(e,t,r=()=>!1,i=!1){this.element=e;this.more=r;this.always=i;this.button=y("Present",()=>{this.set(!this.on)},"full screen, in large type (key p)"),this.button.classList.add("present"),this.help.textContent=t,e.tabIndex=-1,document.addEventListener("keydown",this.listen),document.addEventListener("fullscreenchange",this.watch)}element;more;always;button;help=l("span",{className:"keys"});listen=e=>this.key(e);watch=()=>{!document.fullscreenElement&&this.full&&this.set(!1)};on=!1;full=!1;static of(e,t,r=!1){if(r)return e.classList.add("presenting"),null;let i=new s(e,t);return e.append(i.button,i.help),i}async set(e){if(e!==this.on)if(this.on=e,this.button.textContent=e?"Exit":"Present",e){if(this.full=await document.documentElement.requestFullscreen().then(()=>!0,()=>!1),!this.on)return;this.element.popover="manual",this.element.classList.add("presenting"),this.element.showPopover(),this.element.focus({preventScroll:!0})}else this.element.popover=null,this.element.classList.remove("presenting"),this.full&&document.fullscreenElement&&await document.exitFullscreen().catch(()=>{}),this.full=!1}key(e){if(e.ctrlKey||e.metaKey||e.altKey||e.defaultPrevented||!this.element.isConnected)return;let t=e.composedPath()[0];if(!(t.isContentEditable||t.matches?.("textarea, select, input:not([type=range], [type=radio], [type=checkbox])"))){if(e.key==="p")this.set(!this.on);else if(e.key==="Escape"&&this.on)this.set(!1);else if(!this.more(e)&&!((this.on||this.always)&&this.press(e.key)))return;e.preventDefault()}}press(e){let t=i=>!i.closest("[inert]")&&i.checkVisibility();if(/^[1-9]$/.test(e)){let i=[...this.element.querySelectorAll("input[type=range]")].filter(t);return i[Number(e)-1]?.focus(),i.length>=Number(e)}let r=[...this.element.querySelectorAll(`[data-key="${CSS.escape(e)}"]`)].filter(i=>!i.closest("[inert]"));return r[0]?.click(),r.length>0}dispose(){this.set(!1),document.removeEventListener("keydown",this.listen),document.removeEventListener("fullscreenchange",this.watch)}};var Ee=`/* the button is in the corner that every view leaves free */
.stage > button.present { position: absolute; top: 0; right: 0; }
.stage > .keys { display: none; }
@container (max-width: 700px) { .stage > button.present { display: none; } }

/* full screen: large text and images, no settings */
.presenting { font-size: clamp(16px, 1.25vw, 30px); }
.stage.presenting:popover-open { inset: 0; width: 100vw; height: 100vh; max-width: none; max-height: none; margin: 0; border: 0; outline: 0; box-sizing: border-box; padding: 2vh 2.5vw 5vh; overflow: auto; background: var(--ground); color: var(--text); }
.stage.presenting:popover-open > .keys { display: block; position: fixed; left: 2.5vw; bottom: 1.4vh; color: var(--quiet); font-size: 14px; }
.stage.presenting:popover-open > button.present { position: fixed; top: auto; bottom: 1vh; right: 2.5vw; display: block; }
.presenting .hint, .presenting figcaption, .presenting small, .presenting .readout { font-size: 0.85em; }
.presenting .map-panel > header, .presenting .side-panel > nav, .presenting .selection, .presenting .dimensions > header, .presenting .metrics, .presenting .current .menu { display: none; }
.presenting .actions { gap: 0.5em; }
.presenting .explore { gap: 2.5vw; }
@container (min-width: 820px) {
  .presenting .explore { grid-template-columns: minmax(0, 1.1fr) minmax(0, 1fr); align-items: start; }
}
.presenting .explore .map { height: min(72cqh, 60cqw); }
.presenting .current canvas.large { width: min(44cqh, 22cqw) !important; height: auto !important; }
.presenting .current .original canvas { width: min(22cqh, 11cqw) !important; height: auto !important; }
.presenting .dimension b { font-size: 1.15em; }
.stage.presenting .legend button { font-size: 0.9em; height: 1.8em; }
.stage.presenting .legend button i { width: 0.7em; height: 0.7em; }
.stage.presenting input[type="range"] { height: 32px; }
.stage.presenting input[type="range"]::-webkit-slider-thumb { width: 24px; height: 24px; margin-top: -11px; }
.stage.presenting input[type="range"]::-webkit-slider-runnable-track { height: 3px; }
.presenting .inspector figcaption, .presenting .inspector b { font-size: 0.95em; }
.stage.presenting h3 { font-size: 1.2em; }
@container (min-width: 500px) {
  .presenting .of-2 .pair { grid-template-columns: minmax(0, 1.5fr) minmax(0, 1fr); }
}
.presenting .of-1 .pair { grid-template-columns: min(68cqh, 50cqw) minmax(0, 1fr); }
.stage.presenting .of-1 .map { height: min(66cqh, 50cqw); }
.stage.presenting .of-2 .map { height: min(46cqh, 100cqw); }
@container (min-width: 760px) {
  .presenting .line-row { grid-template-columns: calc(min(38cqh, 22cqw) + 110px) minmax(0, 1fr); }
}
.presenting .line-images canvas.large { width: min(38cqh, 22cqw) !important; height: auto !important; }
.slide .presenting .tabs { display: none; }
`;function Ce(s,e,t,r,i){let n=s.length,o=new Float32Array(i*n);for(let a=0;a<i;a++)o.set(s,a*n),o[a*n+e]=t+(r-t)*a/(i-1);return o}function I(s,e){let t=e>>>0,r=()=>{t=t+1831565813>>>0;let i=t;return i=Math.imul(i^i>>>15,i|1),i^=i+Math.imul(i^i>>>7,i|61),((i^i>>>14)>>>0)/4294967296};return Float32Array.from({length:s},()=>Math.sqrt(-2*Math.log(1-r()))*Math.cos(2*Math.PI*r()))}var Lr=1/20;var A=["#2057ff","#d18800","#1c7c16","#fc3eca","#e5102f","#1cc174","#9b3dc5","#858cff","#7c7678","#e09abd"];function J(s){return Array.from({length:s},(e,t)=>{let r=A[t];if(r!==void 0)return r;let i=t*137.508%360;return ut(i,.55,[.48,.6,.4][t%3])})}function ut(s,e,t){let r=e*Math.min(t,1-t),i=n=>{let o=(n+s/30)%12,a=t-r*Math.max(-1,Math.min(o-3,9-o,1));return Math.round(a*255).toString(16).padStart(2,"0")};return`#${i(0)}${i(8)}${i(4)}`}var P=()=>globalThis.devicePixelRatio||1;function ce(s,e,t,r){let i=s.width!==e||s.height!==t;return i&&([s.width,s.height]=[e,t]),s.style.width=`${e*r}px`,s.style.height=`${t*r}px`,i}function Q(s,e,t=P()){let r=Math.max(1,Math.floor(2*e*t/s)/2);return s*(r>=3?Math.floor(r):r)/t}var N=class{constructor(e,t,r){this.shape=e;let[,i,n]=e;this.canvas=l("canvas",{width:n,height:i,className:"picture",role:"img","aria-label":r}),this.resize(t),this.context=this.canvas.getContext("2d")}shape;canvas;context;resize(e){let[,t,r]=this.shape,i=Q(Math.max(r,t),e)/Math.max(r,t);ce(this.canvas,r,t,i)}paint(e){this.context?.putImageData(new ImageData(e,this.shape[2],this.shape[1]),0,0)}};function Le(s,e){let t=e.length/s.length;s.forEach((r,i)=>r.paint(e.slice(i*t,(i+1)*t)))}var v=class{cleanups=[];parts=[];onDispose(...e){this.cleanups.push(...e)}own(e){return this.parts.push(e),this.onDispose(()=>e.dispose()),e}onResize(e,t){let r=new ResizeObserver(t);r.observe(e),this.onDispose(()=>r.disconnect())}theme(){for(let e of this.parts)e.theme?.()}dispose(){for(let e of this.cleanups.splice(0))e()}};var x=class extends v{constructor(t,r,i){super();this.paint=i;this.root=l("canvas",{className:`plot ${t}`,role:"img","aria-label":r}),this.onResize(this.root,()=>this.fit())}paint;root;width=0;height=0;colour(t){return getComputedStyle(this.root).getPropertyValue(t).trim()||"#888"}get letter(){return parseFloat(getComputedStyle(this.root).fontSize)||14}theme(){this.draw()}draw(){let t=this.root.getContext("2d");if(!t||!this.width)return;let r=P();t.setTransform(r,0,0,r,0,0),t.clearRect(0,0,this.width,this.height),t.font=`${.85*this.letter}px ${getComputedStyle(this.root).fontFamily}`,this.paint(t,this)}fit(){let t=P();[this.width,this.height]=[this.root.clientWidth,this.root.clientHeight],[this.root.width,this.root.height]=[Math.round(this.width*t),Math.round(this.height*t)],this.draw()}};var L=12,mt=80,Fe=76,ee=class extends v{constructor(t){super();this.live=t;let r=this.model=t.model;this.epsilon=I(L*r.latentSize,this.seed),this.plot=this.own(new x("codes","codes of test images with their posteriors; click one to select it",(n,o)=>this.paint(n,o))),this.plot.root.addEventListener("click",n=>this.pick(n)),this.original=new N(r.imageShape,2*Fe,"original test image"),this.pictures=Array.from({length:L},(n,o)=>new N(r.imageShape,Fe,`draw ${o+1} decoded`));let i=l("div",{className:"draws-grid"},...this.pictures.map(n=>n.canvas));this.root=l("div",{className:"draws"},this.plot.root,l("div",{className:"draws-right"},this.formula,l("label",{className:"labelled-slider"},l("b",{},"σ ×"),this.share,l("span",{className:"hint"},"0: a point, as in an AE · 1: the posterior")),l("div",{className:"actions"},M("n",y("Draw again",()=>this.again(),"another ε (key n)")),M("t",y("Another image",()=>this.choose((this.row+37)%r.count),"key t"))),l("div",{className:"draws-images"},l("figure",{},this.original.canvas,l("figcaption",{},"test image")),l("figure",{},i,l("figcaption",{},`${L} draws, decoded`)))))}live;root;plot;original;pictures;share=R("scale of σ: 0 is the point of a plain autoencoder, 1 the posterior",{min:0,max:3,step:.01,value:0},()=>this.show());formula=l("p",{className:"formula"});codes=null;scales=null;labels=null;row=0;seed=1;epsilon;model;async open(){let{library:t}=this.live;[this.codes,this.scales,this.labels]=await Promise.all([t.codes(),t.scales(),t.labels()]);let r=(await t.column("error")).values;this.choose(r?r.indexOf(r.reduce((i,n)=>Math.min(i,n))):0)}choose(t){this.row=t,this.live.library.drawOriginal(t,this.original.canvas,()=>this.row===t).then(r=>this.original.canvas.closest("figure").hidden=!r),this.show()}again(){this.epsilon=I(L*this.model.latentSize,++this.seed),this.show()}drawn(){let t=this.model.latentSize,r=this.share.valueAsNumber;return this.epsilon.map((i,n)=>this.codes[this.row*t+n%t]+r*this.scales[this.row*t+n%t]*i)}show(){if(!this.codes||!this.scales)return;let t=this.model.latentSize,[r,i]=[this.codes,this.scales].map(n=>Array.from(n.subarray(this.row*t,this.row*t+2),o=>b(o)).join(", "));this.formula.textContent=`z = μ + σ·ε = (${r}) + ${b(this.share.valueAsNumber)} · (${i}) · ε,  ε ~ N(0, I)`,this.live.engine.decodeMany([{channel:"draws",z:this.drawn(),count:L,done:n=>Le(this.pictures,n)}]),this.plot.draw()}scale(t){return Math.min(t.width,t.height)/7.2}paint(t,r){let{codes:i,scales:n}=this;if(!i||!n)return;let o=this.model.latentSize,a=this.scale(r),h=(p,k)=>[r.width/2+a*p[k*o],r.height/2-a*p[k*o+Math.min(1,o-1)]],c=J(Math.max(this.model.labelNames.length,1)),d=p=>this.labels?c[this.labels[p]]:r.colour("--quiet"),u=this.share.valueAsNumber;t.fillStyle=r.colour("--line"),t.fillRect(0,r.height/2,r.width,1),t.fillRect(r.width/2,0,1,r.height);let m=Math.max(1,Math.floor(this.model.count/mt)),f=(p,k)=>{let[se,Ge]=h(i,p);t.beginPath(),t.ellipse(se,Ge,k*u*a*n[p*o],k*u*a*n[p*o+Math.min(1,o-1)],0,0,2*Math.PI)};for(let p=0;p<this.model.count;p++){t.fillStyle=t.strokeStyle=d(p),t.globalAlpha=p%m?.35:.9;let[k,se]=h(i,p);t.beginPath(),t.arc(k,se,p%m?2:3,0,2*Math.PI),t.fill(),!(p%m||u===0)&&(f(p,1),t.globalAlpha=.14,t.fill(),t.globalAlpha=.5,t.lineWidth=1,t.stroke())}t.globalAlpha=1,t.strokeStyle=r.colour("--text");for(let p of u>0?[1,2]:[])f(this.row,p),t.lineWidth=2,t.stroke();let We=this.drawn();for(let p=0;p<L;p++)t.beginPath(),t.arc(...h(We,p),5,0,2*Math.PI),t.fillStyle=r.colour("--accent"),t.fill(),t.strokeStyle=r.colour("--ground"),t.lineWidth=1.5,t.stroke()}pick(t){if(!this.codes)return;let r=this.plot.root.getBoundingClientRect(),i=this.scale(this.plot),[n,o]=[(t.clientX-r.left-r.width/2)/i,(r.height/2-t.clientY+r.top)/i],a=this.model.latentSize,[h,c]=[1/0,this.row];for(let d=0;d<this.model.count;d++){let u=(this.codes[d*a]-n)**2+(this.codes[d*a+Math.min(1,a-1)]-o)**2;u<h&&([h,c]=[u,d])}this.choose(c)}};var Ie=`.lessons .plot { display: block; width: 100%; image-rendering: auto; color: var(--text); }
.lessons p { margin: 0; }
.labelled-slider { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; min-width: 0; }
.labelled-slider b { min-width: 1.6em; }
.stage .labelled-slider input[type="range"] { flex: 1; min-width: 160px; }
.labelled-slider .figure { min-width: 3.4em; }
.tug, .draws { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px 3cqw; }
.tug-left, .tug-right, .draws-right { display: grid; gap: 14px; align-content: start; min-width: 0; }
.tug .density { height: clamp(200px, 52cqh, 560px); cursor: grab; touch-action: none; }
.tug .density:active { cursor: grabbing; }
.tug table { border-collapse: collapse; width: 100%; }
.tug caption { text-align: left; padding-bottom: 6px; }
.tug th, .tug td { padding: 0.35em 0.5em; border-bottom: 1px solid var(--faint); font-weight: 400; text-align: right; }
.tug tbody th { text-align: left; font-weight: 600; white-space: nowrap; }
.tug th i { display: inline-block; width: 0.7em; height: 0.7em; border-radius: 50%; margin-right: 0.5em; }
.tug .slope { background: linear-gradient(90deg, transparent calc(50% + 50% * min(var(--pull), 0)), color-mix(in srgb, var(--accent) 45%, transparent) 0 calc(50% + 50% * max(var(--pull), 0)), transparent 0) no-repeat 0 100% / 100% 5px; min-width: 5.5em; }
.pair-of-curves { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 24px; }
.tug .curves { height: clamp(130px, 36cqh, 400px); }
.tug .actions { align-items: center; }
.draws .codes { height: min(78cqh, 92cqw); cursor: crosshair; border: 1px solid var(--line); border-radius: var(--radius); }
.draws .formula { font-size: 1.05em; min-height: 3em; }
.draws-images { display: flex; flex-wrap: wrap; gap: 20px; }
.draws-grid { display: grid; grid-template-columns: repeat(4, max-content); gap: 6px; }
.rotate { display: grid; gap: 18px; }
.rotate .labelled-slider { max-width: 760px; }
.rotate-strips { display: grid; gap: 22px; min-width: 0; }
.rotate-row { display: grid; grid-template-columns: 8em minmax(0, 1fr); align-items: center; gap: 0; }
.rotate-row .hint { display: block; }
.rotate .strip { cursor: default; }
@container (min-width: 820px) {
  .tug, .draws { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
}
`;var gt=({rate:s,variance:e},t)=>e[t]>(s?.01:1e-8);function _e(s){let e=s.rate??s.variance,t=e.map((i,n)=>n).sort((i,n)=>e[n]-e[i]||i-n),r=t.filter(i=>gt(s,i));return r.length?{live:r,dead:t.filter(i=>!r.includes(i)),collapsed:!1}:{live:t,dead:[],collapsed:!0}}var bt="₀₁₂₃₄₅₆₇₈₉",De=s=>"z"+[...String(s+1)].map(e=>bt[+e]).join("");function Ne(s,e,{i:t,j:r,degrees:i},n=!1){let o=(n?-1:1)*i*Math.PI/180,[a,h]=[Math.cos(o),Math.sin(o)],c=s.slice();for(let d=0;d<s.length;d+=e)c[d+t]=a*s[d+t]-h*s[d+r],c[d+r]=h*s[d+t]+a*s[d+r];return c}var B=class{constructor(e,t,r){this.shape=e;this.count=t;this.canvas=l("canvas",{className:"strip",role:"img","aria-label":r}),this.context=this.canvas.getContext("2d")}shape;count;canvas;context;row={factor:1,gap:1};cell=0;gap=0;fit(e,t=64){let[,,r]=this.shape,i=P(),n=1;for(;(r/n+1)*this.count>e*i&&r/n>16;)n*=2;let o=Math.floor(r/n),a=m=>{let f=this.count*o+(this.count-1)*m;return Math.min(Q(o,t),Q(f,e)/f*o)/o},h=a(1)*i<2?2:1,c=a(h);[this.cell,this.gap]=[o*c,h*c];let[d,u]=le(this.count,this.shape,{factor:n,gap:h});return this.row={factor:n,gap:h},ce(this.canvas,d,u,c)}get width(){return this.count*this.cell+(this.count-1)*this.gap}paint(e){let{width:t,height:r}=this.canvas;e.length===4*t*r&&this.context?.putImageData(new ImageData(e,t,r),0,0)}at(e){let t=this.canvas.getBoundingClientRect();return Math.max(0,Math.min(this.count-1,Math.floor((e.clientX-t.left)/t.width*this.count)))}};var Be=11,F=3,Oe=11,te=class extends v{constructor(t){super();this.live=t;let{model:r}=t,i=_e(r),[n,o=n]=[...i.live,...i.dead];this.axes=[n,o];let a=this.axes.map(De);this.strips=a.map(c=>new B(r.imageShape,Be,`traversal of the rotated ${c}, from −${F} to ${F}`)),this.samples=new B(r.imageShape,Oe,"samples of the rotated model");let h=(c,d,u)=>l("div",{className:"rotate-row"},l("div",{},l("b",{},c),l("span",{className:"hint"},d)),u.canvas);this.place.append(...a.map((c,d)=>h(`${c}′`,`from −${F} to ${F}`,this.strips[d])),h("samples","the same N(0, I)",this.samples)),this.root=l("div",{className:"rotate"},l("label",{className:"labelled-slider"},l("b",{},"rotation"),this.angle,this.degrees),this.place,l("div",{className:"actions"},M("n",y("New samples",()=>(this.seed++,this.show()),"other codes from the prior (key n)"))),l("p",{className:"hint"},"The prior N(0, I) is rotation invariant, so ELBO, reconstructions and the distribution of samples of the rotated model are exactly those of the original. The likelihood does not favour any axes.")),this.onResize(this.place,()=>this.fit())}live;root;axes;strips;samples;place=l("div",{className:"rotate-strips"});angle=R("rotation of the two axes, degrees",{min:0,max:90,step:1,value:0},()=>this.show());degrees=l("output",{className:"figure"});seed=2;ready=!1;async open(){this.ready=!0,this.show()}fit(){let t=Math.max(120,(this.place.querySelector(".rotate-row")?.clientWidth??0)-128);[...this.strips,this.samples].map(i=>i.fit(t,110)).some(Boolean)&&this.show()}show(){if(this.degrees.value=`${this.angle.value}°`,!this.ready)return;let{engine:t,model:r}=this.live,{latentSize:i}=r,[n,o]=this.axes,a={i:n,j:o,degrees:this.angle.valueAsNumber},h=(d,u,m)=>({channel:u,z:Ne(m,i,a),count:d.count,row:d.row,done:f=>d.paint(f)}),c=d=>Ce(new Float32Array(i),d,-F,F,Be);t.decodeMany([h(this.strips[0],"rotated-0",c(n)),h(this.strips[1],"rotated-1",c(o)),h(this.samples,"rotated-samples",I(Oe*i,this.seed))])}};var Ue=Math.log(2*Math.PI),Ve=(s,e)=>[s/e**2,1/e-(1+s**2)/e**3],S=[{key:"klqp",label:"KL(q‖p)",about:"the rate of a VAE: pulls μ to 0 and σ to 1",value:(s,e)=>.5*(s**2+e**2-1)-Math.log(e),gradient:(s,e)=>[s,e-1/e]},{key:"klpq",label:"KL(p‖q)",about:"the same minimum, but a narrow q costs most: q has to cover all of p",value:(s,e)=>.5*((1+s**2)/e**2-1)+Math.log(e),gradient:Ve},{key:"hpq",label:"H(p, q)",about:"KL(p‖q) plus the entropy of p, which is constant: the same gradient",value:(s,e)=>.5*(Ue+(1+s**2)/e**2)+Math.log(e),gradient:Ve},{key:"hqp",label:"H(q, p)",about:"without the entropy of q nothing keeps it wide: σ goes to 0 and q collapses to a point",value:(s,e)=>.5*(Ue+s**2+e**2),gradient:(s,e)=>[s,e]}],O=[-3,3],U=[.05,3];function ue(s,e,t,r,i=.06){let[n,o]=s.gradient(e,t),a=c=>Math.max(-i,Math.min(i,r*c)),h=(c,[d,u])=>Math.max(d,Math.min(u,c));return[h(e-a(n),O),h(t-a(o),U)]}var re=class{constructor(e=()=>{}){this.changed=e}changed;frame=0;get playing(){return this.frame!==0}play(e){cancelAnimationFrame(this.frame);let t=performance.now(),r=i=>{let n=e(Math.max(0,i-t)/1e3);t=i,this.frame&&(n?this.frame=requestAnimationFrame(r):this.stop())};this.frame=requestAnimationFrame(r),this.changed()}stop(){cancelAnimationFrame(this.frame),this.frame=0,this.changed()}};var ze=[A[0],A[1],A[2],A[4]],V=4.2,pe=1.05,me=6,He=.02,ie=class extends v{root;mu=1.5;sigma=.4;divergence=S[0];playback=new re;sliders;readouts=[l("output",{className:"figure"}),l("output",{className:"figure"})];rows;go=M("g",y("Let go",()=>this.release(),"μ and σ follow the gradient of the selected divergence (key g)"));about=l("p",{className:"hint",role:"status"});constructor(){super();let e=new x("density","the prior N(0, 1), and q, whose peak can be dragged",(o,a)=>this.paintDensity(o,a)),t=new x("curves","the four divergences over μ",(o,a)=>this.paintCurves(o,a,O,h=>[h,this.sigma],this.mu,"μ")),r=new x("curves","the four divergences over σ",(o,a)=>this.paintCurves(o,a,U,h=>[this.mu,h],this.sigma,"σ"));for(let o of[e,t,r])this.own(o);this.onDispose(()=>this.playback.stop());let i=(o,[a,h],c)=>R(o,{min:a,max:h,step:.01},d=>{this.playback.stop(),c(d)});this.sliders=[i("μ, mean of q",O,o=>this.set(o,this.sigma)),i("σ, standard deviation of q",U,o=>this.set(this.mu,o))],this.rows=S.map((o,a)=>this.row(o,ze[a]));let n=new G("divergence to minimise",S.map(o=>[o.key,o.label]),this.divergence.key,o=>{this.divergence=S.find(a=>a.key===o),this.about.textContent=this.divergence.about});this.about.textContent=this.divergence.about,this.followPointer(e),this.root=l("div",{className:"tug"},l("div",{className:"tug-left"},e.root,...["μ","σ"].map((o,a)=>l("label",{className:"labelled-slider"},l("b",{},o),this.sliders[a],this.readouts[a])),l("div",{className:"actions"},n.root,this.go),this.about),l("div",{className:"tug-right"},l("table",{},l("caption",{className:"hint"},"nats, and the derivatives by μ and σ; gradient descent steps against them"),l("thead",{},l("tr",{},...["","nats","∂ μ","∂ σ"].map(o=>l("th",{scope:"col"},o)))),l("tbody",{},...this.rows.map(o=>o.root))),l("div",{className:"pair-of-curves"},t.root,r.root))),this.set(this.mu,this.sigma)}row(e,t){let r=l("td",{className:"figure"}),i=[l("td",{className:"figure slope"}),l("td",{className:"figure slope"})];return{value:r,slopes:i,root:l("tr",{title:e.about},l("th",{scope:"row"},we(t),e.label),r,...i)}}set(e,t){[this.mu,this.sigma]=[e,t];let[r,i]=this.sliders;r.valueAsNumber!==e&&(r.value=String(e)),i.valueAsNumber!==t&&(i.value=String(t)),[this.readouts[0].value,this.readouts[1].value]=[b(e),b(t)],S.forEach((n,o)=>{let{value:a,slopes:h}=this.rows[o];a.textContent=b(n.value(e,t)),n.gradient(e,t).forEach((c,d)=>{h[d].textContent=b(c),h[d].style.setProperty("--pull",String(-Math.tanh(c/2)))})}),this.theme()}release(){if(xe()){let[t,r]=[this.mu,this.sigma];for(let i=0;i<5e3;i++)[t,r]=ue(this.divergence,t,r,He);return this.set(t,r)}let e=900;this.playback.play(()=>{let[t,r]=ue(this.divergence,this.mu,this.sigma,He),i=Math.abs(t-this.mu)+Math.abs(r-this.sigma);return this.set(t,r),i>2e-5&&e-- >0})}followPointer(e){let t=r=>{let i=e.root.getBoundingClientRect(),n=((r.clientX-i.left)/i.width-.5)*2*V,o=(1-(r.clientY-i.top)/(i.height-24))*pe,a=1/(Math.sqrt(2*Math.PI)*Math.max(o,.01));this.set($e(n,O),$e(a,U))};e.root.addEventListener("pointerdown",r=>{this.playback.stop(),e.root.setPointerCapture(r.pointerId),t(r)}),e.root.addEventListener("pointermove",r=>e.root.hasPointerCapture(r.pointerId)&&t(r))}paintDensity(e,t){let{width:r}=t,i=t.height-24,n=d=>(d/V/2+.5)*r,o=d=>i-Math.min(d,1.02*pe)/pe*i,a=(d,u)=>{e.beginPath();for(let m=0;m<=r;m++){let f=(m/r-.5)*2*V;e.lineTo(m,o(Math.exp(-.5*((f-d)/u)**2)/(u*Math.sqrt(2*Math.PI))))}};e.fillStyle=t.colour("--line"),e.fillRect(0,i,r,1),e.fillStyle=e.strokeStyle=t.colour("--quiet"),e.textAlign="center";for(let d=-4;d<=4;d++)e.fillText(d<0?`−${-d}`:String(d),n(d),t.height-5);e.lineWidth=2,e.setLineDash([6,5]),a(0,1),e.stroke(),e.setLineDash([]),e.textAlign="left",e.fillText("p = N(0, 1)",n(-V)+8,1.2*t.letter);let h=t.colour("--accent");a(this.mu,this.sigma),e.strokeStyle=h,e.lineWidth=2.5,e.stroke(),e.lineTo(r,i),e.lineTo(0,i),e.globalAlpha=.18,e.fillStyle=h,e.fill(),e.globalAlpha=1;let c=o(1/(this.sigma*Math.sqrt(2*Math.PI)));e.beginPath(),e.arc(n(this.mu),Math.max(c,8),8,0,2*Math.PI),e.fill(),e.fillStyle=t.colour("--text"),e.fillText("q = N(μ, σ²): drag its peak",n(-V)+8,2.5*t.letter)}paintCurves(e,t,[r,i],n,o,a){let h=t.height-22,c=u=>(u-r)/(i-r)*t.width,d=u=>h-Math.max(-.05,Math.min(u,me*1.05))/me*h;e.fillStyle=t.colour("--line"),e.fillRect(0,h,t.width,1),e.fillStyle=t.colour("--quiet"),e.textAlign="left",e.fillText(`${b(r)}`,2,t.height-4),e.fillText(`${me} nats`,2,t.letter),e.textAlign="right",e.fillText(`${a} = ${b(i)}`,t.width-2,t.height-4),e.fillRect(c(o),0,1,h),S.forEach((u,m)=>{e.strokeStyle=e.fillStyle=ze[m],e.lineWidth=u===this.divergence?3:1.75,e.beginPath();for(let f=0;f<=t.width;f+=2)e.lineTo(f,d(u.value(...n(r+f/t.width*(i-r)))));e.stroke(),e.beginPath(),e.arc(c(o),d(u.value(...n(o))),4.5,0,2*Math.PI),e.fill()})}},$e=(s,[e,t])=>Math.max(e,Math.min(t,s));var vt="p or Esc: exit · 1–9: select a slider, ← →: move it · n: draw again · g: let go",ne=class extends j{constructor(e,t,r=!1){super(e,t,"lessons",Ie+Ee,i=>Z.of(i,vt,r))}subject(e){return JSON.stringify(e)}open({kind:e,model:t}){if(e==="tug"||!t)return void this.show(new ie);let r=this.own(new X(t,this.appRoot,this.notice)),i=this.show(e==="draws"?new ee(r):new te(r));r.engine.open().then(()=>i.open()).catch(n=>this.notice(T(n)))}};function qe(s){let e=new WeakMap;return(t,r)=>{let i=t.parentElement,n=e.get(i);if(!n){let o={component:t};o.page=s(i,r,()=>o.component),e.set(i,n=o)}return n.component=t,n.page.update(t.data),()=>{e.get(i)?.page.dispose(),e.delete(i)}}}var Es=qe((s,e,t)=>new ne(s,e,t().presenting));export{Es as default};
