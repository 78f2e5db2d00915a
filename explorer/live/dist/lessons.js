function J(o){if(typeof o=="string")return o;let e=globalThis.addressesOf??=new WeakMap,t=e.get(o);return t||e.set(o,t=URL.createObjectURL(o)),t}function le(o){if(globalThis.inlinedFiles)return globalThis.inlinedFiles.assets;let e=t=>new URL(t,o).href;return{worker:e("worker.js"),cpu:{ort:e("ort.wasm.min.mjs"),glue:e("ort-wasm-simd-threaded.mjs"),wasm:e("ort-wasm-simd-threaded.wasm")},gpu:{ort:e("ort.jspi.min.mjs"),glue:e("ort-wasm-simd-threaded.jspi.mjs"),wasm:e("ort-wasm-simd-threaded.jspi.wasm")}}}var Pe=400;async function he(o,e=!0){let t;try{t=await fetch(o)}catch{if(!e)throw new Error("The server does not answer; check the connection and reload the page.");return await new Promise(r=>setTimeout(r,Pe)),he(o,!1)}if(!t.ok)throw new Error(await Le(t));return t}async function g(o){return globalThis.inlinedFiles?globalThis.inlinedFiles.bytes(o):(await he(o)).arrayBuffer()}async function Le(o){let e=(await o.text().catch(()=>"")).trim();return o.headers.get("content-type")?.startsWith("text/plain")&&e&&e.length<400?e:`The server answered ${o.status}; reload the page.`}var B=class{constructor(e,t,r,i,n,s){this.assets=e;this.source=t;this.size=r;this.besideHand=i;this.hear=s;this.add(n)}assets;source;size;besideHand;hear;workers=[];held=new Map;waiting=new Map;shown=new Map;asked=-1/0;moving=!1;rest;decode(e){if(!(!this.held.size||!e.length)){for(let t of e)this.waiting.set(t.channel,t);this.moving=e[0].asked-this.asked<60,this.asked=e[0].asked,clearTimeout(this.rest),this.rest=setTimeout(()=>{this.moving=!1,this.feed()},60),this.feed()}}drop(e){for(let t of[...this.waiting.keys()])t.startsWith(e)&&this.waiting.delete(t)}tell(e){this.workers[0]&&Q(this.workers[0],e)}dispose(){clearTimeout(this.rest),this.keep(0)}add(e){let t=new Worker(this.assets.worker,{type:globalThis.inlinedFiles?"classic":"module"});t.onmessage=({data:r})=>this.receive(t,r),t.onerror=r=>this.receive(t,{kind:"failed",reason:r.message}),Q(t,{kind:"open",assets:this.assets,source:this.source,tryGpu:e}),this.workers.push(t)}receive(e,t){let r=e===this.workers[0];if(t.kind==="ready")this.grown(e,t.backend,t.milliseconds);else if(t.kind==="images")this.decoded(e,t);else if(t.kind==="failed"&&!r&&!this.held.has(e))return this.keep(1);(t.kind==="ready"?r:t.kind!=="images")&&this.hear(t)}grown(e,t,r){t==="webgpu"&&this.keep(1),this.held.has(e)||this.held.set(e,0),r>3&&this.workers.length<this.size&&this.add(!1),this.feed()}decoded(e,t){this.held.set(e,this.held.get(e)-1),this.feed(),!(t.asked<(this.shown.get(t.channel)??0))&&(this.shown.set(t.channel,t.asked),this.hear(t))}feed(){let e=[...this.held.keys()].slice(0,this.moving?this.besideHand:void 0);for(let[t,r]of this.waiting){let i=e.reduce((s,a)=>this.held.get(a)<this.held.get(s)?a:s),n=this.held.get(i);if(n>=2)return;this.waiting.delete(t),this.held.set(i,n+1),Q(i,{kind:"decode",item:r})}}keep(e){this.size=e;for(let t of this.workers.splice(e))t.terminate(),this.held.delete(t)}},Q=(o,e)=>o.postMessage(e);function S(o,e,[t,r,i],n=255){return t===1?Fe(o,e*r*i,n):_e(o,e,r*i,n)}function Fe(o,e,t){let r=new Uint32Array(e);for(let i=0;i<e;i++){let n=o[i]*t,s=n>0?n<255?n+.5|0:255:0;r[i]=4278190080|s*65793}return new Uint8ClampedArray(r.buffer)}function _e(o,e,t,r){let i=new Uint8ClampedArray(e*t*4);for(let n=0,s=0;n<e;n++){let a=n*3*t;for(let h=a;h<a+t;h++,s+=4)i[s]=o[h]*r,i[s+1]=o[h+t]*r,i[s+2]=o[h+2*t]*r,i[s+3]=255}return i}function ee(o,[,e,t],{factor:r,gap:i}){return[o*Math.floor(t/r)+(o-1)*i,Math.floor(e/r)]}function de(o,e,t,r){let[,i,n]=t,s=o;for(let d=r.factor;d>1;d/=2,i>>=1,n>>=1)s=Ie(s,e,i,n);let[a]=ee(e,t,r),[h,c]=[new Uint32Array(s.buffer),new Uint32Array(a*i)];for(let d=0;d<e;d++)for(let u=0;u<i;u++)c.set(h.subarray((d*i+u)*n,(d*i+u+1)*n),u*a+d*(n+r.gap));return new Uint8ClampedArray(c.buffer)}function Ie(o,e,t,r){let[i,n]=[t>>1,r>>1],s=new Uint8ClampedArray(e*i*n*4);for(let a=0,h=0;a<e;a++)for(let c=0;c<i;c++)for(let d=0;d<n;d++)for(let u=0,m=((a*t+2*c)*r+2*d)*4;u<4;u++,m++)s[h++]=(o[m]+o[m+4]+o[m+4*r]+o[m+4*r+4])/4;return s}async function ce(o,e,t){let i=t==="webgpu"?o.gpu:o.cpu;if(!i)throw new Error("This page has no runtime for a GPU.");let n=await import(J(i.ort));n.env.logLevel="error";let[s,{wasm:a}]=[J(i.glue),i];typeof a=="string"?n.env.wasm.wasmPaths={mjs:s,wasm:a}:[n.env.wasm.wasmPaths,n.env.wasm.wasmBinary]=[{mjs:s},a],n.env.wasm.numThreads=1;let h=await n.InferenceSession.create(new Uint8Array(e.onnx),{executionProviders:[t],logSeverityLevel:3}),c=new te(n,h,e);return await c.decode(new Float32Array(e.latentSize),1),c}var te=class{constructor(e,t,r){this.ort=e;this.session=t;this.source=r}ort;session;source;async decode(e,t){let{latentSize:r,shape:i}=this.source,s=(await this.session.run({z:new this.ort.Tensor("float32",e,[t,r])})).image.data;if(s.length!==t*i[0]*i[1]*i[2])throw new Error("The decoder gives images of another size than the checkpoint says.");return S(s,t,i)}dispose(){this.session.release()}};function ue(o,e){return{async decode(t,r){if(globalThis.inlinedFiles)throw new Error("There is no server.");let i=await fetch(o,{method:"POST",body:new Float32Array(t)});if(!i.ok)throw new Error(`The server could not decode (${i.status}).`);return S(new Uint8Array(await i.arrayBuffer()),r,e,1)},dispose:()=>{}}}var O=class{constructor(e,t=async()=>{}){this.work=e;this.pause=t}work;pause;waiting=new Map;busy=!1;put(e,t){this.waiting.set(e,t),this.busy||this.run()}async run(){for(this.busy=!0,await this.pause();;){let e=this.waiting.entries().next();if(e.done)break;let[t,r]=e.value;this.waiting.delete(t),await this.work(t,r),await this.pause()}this.busy=!1}};var U=class{constructor(e,t=2048){this.width=e;this.capacity=t;this.rows=new Float64Array(e*t)}width;capacity;total=0;rows;push(...e){this.rows.set(e,this.total++%this.capacity*this.width)}read(e=0){let t=[];for(let r=Math.max(e,this.total-this.capacity);r<this.total;r++){let i=r%this.capacity*this.width;t.push([...this.rows.subarray(i,i+this.width)])}return t}};function A(){return window.__stage??={paints:new U(3),strips:new U(3),backend:"",first:0}}var z=class{constructor(e,t,r,i,n=1){this.model=e;this.base=t;this.assets=r;this.notice=i;this.sharing=n}model;base;assets;notice;sharing;one;crew;server;waiting=new Map;distanceWaiting=new Map;serverQueue=new O((e,t)=>this.decodeOnServer(t));disposed=!1;opening;source;standing="";open(){return this.opening??=this.begin()}async begin(){try{let e={onnx:await g(this.base+"decoder.onnx"),latentSize:this.model.latentSize,shape:this.model.imageShape};if(this.source=e,this.disposed)return;this.crew=this.newCrew(e),this.one=await ce(this.assets,e,"wasm"),A().backend="wasm"}catch(e){await this.fallBack(e)}this.disposed&&this.dispose()}async decode(e){!this.one&&!this.server&&await this.open();let t=this.one??this.server;if(!t)throw E();try{return await t.decode(e,1)}catch(r){if(t===this.server)throw E();return await this.fallBack(r),this.server.decode(e,1)}}decodeMany(e){if(this.server){for(let r of e)this.serverQueue.put(r.channel,r);return}let t=performance.now();for(let r of e)this.waiting.set(r.channel,r);this.crew?.decode(e.map(({channel:r,z:i,count:n,row:s})=>({channel:r,z:i,count:n,asked:t,row:s})))}drop(e){for(let t of[...this.waiting.keys()])t.startsWith(e)&&this.waiting.delete(t);this.crew?.drop(e)}setCodes(e){this.crew?.tell({kind:"codes",codes:e})}distances(e,t,r,i){this.distanceWaiting.set(e,i),this.crew?.tell({kind:"distances",channel:e,path:t,count:r})}dispose(){this.disposed=!0,this.crew?.dispose(),this.one?.dispose(),this.one=this.crew=void 0,this.waiting.clear()}newCrew(e){let t=navigator.hardwareConcurrency||2,r=n=>Math.max(1,Math.min(4,Math.floor(n/this.sharing))),i=this.model.body==="conv"&&"Suspending"in WebAssembly&&"gpu"in navigator&&this.assets.gpu!==void 0;return new B(this.assets,e,r(Math.max(2,t-1)),r(t-1),i,n=>this.receive(n))}receive(e){if(e.kind==="ready")A().backend=e.backend,this.decodeMany([...this.waiting.values()]);else if(e.kind==="failed")this.fallBack(e.reason);else if(e.kind==="distances")this.distanceWaiting.get(e.channel)?.(e.distance,e.row);else{let t=this.waiting.get(e.channel);if(!t)return;t.done(e.rgba,e.count),A().strips.push(e.asked,performance.now(),e.count)}}async decodeOnServer({z:e,count:t,row:r,done:i}){try{let n=await this.server.decode(e,t);i(r?de(n,t,this.model.imageShape,r):n,t)}catch{this.notice(E().message)}}async fallBack(e){if(this.disposed||this.server)return;let t=ue(this.base+"decode",this.model.imageShape);if(this.server=t,this.one?.dispose(),this.one=void 0,console.warn("The stage decodes on the server:",e),globalThis.inlinedFiles)throw this.notice(E().message),E();this.standing="This browser cannot run the decoder itself, so images come from the server and follow more slowly.",this.notice(this.standing);try{await t.decode(new Float32Array(this.model.latentSize),1)}catch{throw E()}this.decodeMany([...this.waiting.values()])}},E=()=>new Error(globalThis.inlinedFiles?"This browser cannot run the decoder; open the page in a newer one.":"Neither this browser nor the server can run the decoder; check the connection and reload the page.");var V=32,Ne=5e3,$=class{constructor(e,t){this.model=e;this.base=t}model;base;sheets=new Map;columns=new Map;missingOriginals="";missedAt=-1/0;async codes(){return new Float32Array(await g(this.base+"codes"))}async scales(){return new Float32Array(await g(this.base+"scales"))}async positions(e){let t=new Float32Array(await g(`${this.base}positions/${encodeURIComponent(e)}`));return[t.subarray(0,t.length/2),t.subarray(t.length/2)]}async sprites(e){return createImageBitmap(new Blob([await g(`${this.base}sprites/${e.join("-")}/images.png`)]))}async spriteCodes(e){return new Float32Array(await g(`${this.base}sprites/${e.join("-")}/codes`))}column(e){let t=this.columns.get(e);return t||(this.columns.set(e,t=this.fetchColumn(e)),t.catch(()=>this.columns.delete(e))),t}async drawOriginal(e,t,r=()=>!0){if(performance.now()-this.missedAt<Ne)return!1;let[,i,n]=this.model.imageShape,s=Math.floor(e/V**2),a=this.sheets.get(s);a||(this.sheets.set(s,a=this.fetchSheet(s)),a.catch(()=>this.sheets.delete(s)));try{let h=await a;if(this.missingOriginals="",!r())return!0;let c=e%V**2;return(t.width!==n||t.height!==i)&&([t.width,t.height]=[n,i]),t.getContext("2d").drawImage(h,c%V*n,Math.floor(c/V)*i,n,i,0,0,n,i),!0}catch(h){return this.missedAt=performance.now(),this.missingOriginals=h instanceof Error?h.message:String(h),!1}}async restored(e,t,r,i){let n=await g(`${this.base}restored/${e}/${t}/${r}/${i.join(",")}`),[s,a]=[i.length,this.model.latentSize],h=new Float32Array(n,0,s*(1+a)),c=S(new Uint8Array(n,h.byteLength),s,this.model.imageShape,1);return{distortion:h.subarray(0,s),z:h.subarray(s),images:c}}async likeness(e){let r=btoa(String.fromCharCode(...new Uint8Array(e.slice().buffer))).replaceAll("+","-").replaceAll("/","_").replace(/=+$/,""),i=await g(`${this.base}training/${r}`),[n,s]=new Int32Array(i,4,2),a=S(new Uint8Array(i,12),1,this.model.imageShape,1);return{distance:new Float32Array(i,0,1)[0],row:n,label:s,image:a}}dispose(){for(let e of this.sheets.values())e.then(t=>t.close(),()=>{});this.sheets.clear()}async fetchSheet(e){let t=await g(`${this.base}originals/${e}.png`);return createImageBitmap(new Blob([t],{type:"image/png"}))}async fetchColumn(e){let t=this.model.columns.find(n=>n.key===e);if(!t)throw new Error(`There is no column ${e}.`);let r=await g(`${this.base}column/${encodeURIComponent(e)}`);if(!t.names)return{column:t,values:new Float32Array(r)};let i=r.byteLength===2*this.model.count;return{column:t,categories:i?new Uint16Array(r):new Uint8Array(r)}}};function l(o,e={},...t){let r=document.createElement(o);for(let[i,n]of Object.entries(e))i==="dataset"?Object.assign(r.dataset,n):i.startsWith("aria-")||i==="role"||i==="for"?r.setAttribute(i,String(n)):r[i]=n;return r.append(...t.filter(i=>i!=null&&i!==!1)),r}function v(o,e,t=""){let r=l("button",{type:"button",title:t},o);return r.addEventListener("click",e),r}var H=class{root;inputs=new Map;constructor(e,t,r,i){let n=`choice-${Math.random().toString(36).slice(2)}`;this.root=l("div",{className:"choice",role:"radiogroup","aria-label":e});for(let[s,a]of t){let h=l("input",{type:"radio",name:n,checked:s===r});h.addEventListener("change",()=>i(s)),this.inputs.set(s,h),this.root.append(l("label",{},h,l("span",{},a)))}}set(e){for(let[t,r]of this.inputs)r.checked=t===e}};var b=(o,e=2)=>Number.isFinite(o)?o.toFixed(e).replace(/^-(?=0*\.?0*$)/,"").replace("-","−"):"–",pe=()=>matchMedia("(prefers-reduced-motion: reduce)").matches;function x(o,e){return e.dataset.key=o,e}var q=class o{constructor(e,t,r=()=>!1,i=!1){this.element=e;this.more=r;this.always=i;this.button=v("Present",()=>{this.set(!this.on)},"full screen, in large type: key p"),this.button.classList.add("present"),this.help.textContent=t,e.tabIndex=-1,document.addEventListener("keydown",this.listen),document.addEventListener("fullscreenchange",this.watch)}element;more;always;button;help=l("span",{className:"keys"});listen=e=>this.key(e);watch=()=>{!document.fullscreenElement&&this.full&&this.set(!1)};on=!1;full=!1;static of(e,t,r){if(r)return e.classList.add("presenting"),null;let i=new o(e,t);return e.append(i.button,i.help),i}async set(e){if(e!==this.on)if(this.on=e,this.button.textContent=e?"Leave":"Present",e){if(this.full=await document.documentElement.requestFullscreen().then(()=>!0,()=>!1),!this.on)return;this.element.popover="manual",this.element.classList.add("presenting"),this.element.showPopover(),this.element.focus({preventScroll:!0})}else this.element.popover=null,this.element.classList.remove("presenting"),this.full&&document.fullscreenElement&&await document.exitFullscreen().catch(()=>{}),this.full=!1}key(e){if(e.ctrlKey||e.metaKey||e.altKey||e.defaultPrevented||!this.element.isConnected)return;let t=e.composedPath()[0];if(!(t.isContentEditable||t.matches?.("textarea, select, input:not([type=range], [type=radio], [type=checkbox])"))){if(e.key==="p")this.set(!this.on);else if(e.key==="Escape"&&this.on)this.set(!1);else if(!this.more(e)&&!((this.on||this.always)&&this.press(e.key)))return;e.preventDefault()}}press(e){let t=i=>!i.closest("[inert]")&&i.checkVisibility();if(/^[1-9]$/.test(e)){let i=[...this.element.querySelectorAll("input[type=range]")].filter(t);return i[Number(e)-1]?.focus(),i.length>=Number(e)}let r=[...this.element.querySelectorAll(`[data-key="${CSS.escape(e)}"]`)].filter(i=>!i.closest("[inert]"));return r[0]?.click(),r.length>0}dispose(){this.set(!1),document.removeEventListener("keydown",this.listen),document.removeEventListener("fullscreenchange",this.watch)}};var me=`/* the button stands in the corner that every view leaves free */
.stage > button.present { position: absolute; top: 0; right: 0; }
.stage > .keys { display: none; }
@container (max-width: 700px) { .stage > button.present { display: none; } }

/* alone on the screen: what is read or watched is large, what is set up beforehand is gone */
.presenting { font-size: clamp(16px, 1.25vw, 30px); }
.stage.presenting:popover-open { inset: 0; width: 100vw; height: 100vh; max-width: none; max-height: none; margin: 0; border: 0; outline: 0; box-sizing: border-box; padding: 2vh 2.5vw 5vh; overflow: auto; background: var(--ground); color: var(--text); }
.stage.presenting:popover-open > .keys { display: block; position: fixed; left: 2.5vw; bottom: 1.4vh; color: var(--quiet); font-size: 14px; }
.stage.presenting:popover-open > button.present { position: fixed; top: auto; bottom: 1vh; right: 2.5vw; display: block; }
.presenting .hint, .presenting figcaption, .presenting small, .presenting .readout { font-size: 0.85em; }
.presenting .map-panel > header, .presenting .bench > nav, .presenting .selection, .presenting .dimensions > header, .presenting .numbers, .presenting .current .menu { display: none; }
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
.presenting .moons canvas.large { width: min(38cqh, 22cqw) !important; height: auto !important; }
.slide .presenting .tabs { display: none; }
`;var fe=`.stage {
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
.by select { max-width: 132px; }
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
.bench { display: grid; grid-template-columns: minmax(0, 1fr); gap: 14px; align-content: start; min-width: 0; }
@container (min-width: 1000px) {
  .explore { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 36px; align-items: start; }
  .explore .map-panel { position: sticky; top: 12px; }
}
.dimension .carries { color: var(--text); line-height: 1.25; }
.stacked .dimension .carries { grid-column: 1 / -1; }
`;function T(o,e){let t=e>>>0,r=()=>{t=t+1831565813>>>0;let i=t;return i=Math.imul(i^i>>>15,i|1),i^=i+Math.imul(i^i>>>7,i|61),((i^i>>>14)>>>0)/4294967296};return Float32Array.from({length:o},()=>Math.sqrt(-2*Math.log(1-r()))*Math.cos(2*Math.PI*r()))}var Yt=1/20;var k=["#1b8bbb","#fb811c","#188126","#ea8fe3","#ed0b02","#967dfe","#70bf8a","#b53c7d","#a22adb","#a98077"];function W(o){return Array.from({length:o},(e,t)=>{let r=k[t];if(r!==void 0)return r;let i=t*137.508%360;return We(i,.55,[.48,.6,.4][t%3])})}function We(o,e,t){let r=e*Math.min(t,1-t),i=n=>{let s=(n+o/30)%12,a=t-r*Math.max(-1,Math.min(s-3,9-s,1));return Math.round(a*255).toString(16).padStart(2,"0")};return`#${i(0)}${i(8)}${i(4)}`}function G(o,e,t=globalThis.devicePixelRatio||1){let r=Math.max(1,Math.floor(2*e*t/o)/2);return o*(r>=3?Math.floor(r):r)/t}var F=class{constructor(e,t,r){this.shape=e;let[,i,n]=e;this.canvas=l("canvas",{width:n,height:i,className:"picture",role:"img","aria-label":r}),this.resize(t),this.context=this.canvas.getContext("2d")}shape;canvas;context;resize(e){let[,t,r]=this.shape,i=G(Math.max(r,t),e)/Math.max(r,t);this.canvas.style.width=`${r*i}px`,this.canvas.style.height=`${t*i}px`}paint(e){this.context?.putImageData(new ImageData(e,this.shape[2],this.shape[1]),0,0)}};var y=class{constructor(e,t,r){this.paint=r;this.canvas=l("canvas",{className:`plot ${e}`,role:"img","aria-label":t}),this.sized=new ResizeObserver(()=>this.fit()),this.sized.observe(this.canvas)}paint;canvas;width=0;height=0;sized;colour(e){return getComputedStyle(this.canvas).getPropertyValue(e).trim()||"#888"}get letter(){return parseFloat(getComputedStyle(this.canvas).fontSize)||14}draw(){let e=this.canvas.getContext("2d");if(!e||!this.width)return;let t=globalThis.devicePixelRatio||1;e.setTransform(t,0,0,t,0,0),e.clearRect(0,0,this.width,this.height),e.font=`${.85*this.letter}px ${getComputedStyle(this.canvas).fontFamily}`,this.paint(e,this)}fit(){let e=globalThis.devicePixelRatio||1;[this.width,this.height]=[this.canvas.clientWidth,this.canvas.clientHeight],[this.canvas.width,this.canvas.height]=[Math.round(this.width*e),Math.round(this.height*e)],this.draw()}dispose(){this.sized.disconnect()}};var C=12,Ke=80,ye=76,K=class{constructor(e,t,r){this.model=e;this.engine=t;this.library=r;this.epsilon=T(C*e.latentSize,this.seed),this.plot=new y("codes","codes of test images with their posteriors; a click chooses one",(n,s)=>this.paint(n,s)),this.plot.canvas.addEventListener("click",n=>this.pick(n)),this.original=new F(e.imageShape,2*ye,"original test image"),this.pictures=Array.from({length:C},(n,s)=>new F(e.imageShape,ye,`draw ${s+1} decoded`)),this.share.addEventListener("input",()=>this.show());let i=l("div",{className:"draws-grid"},...this.pictures.map(n=>n.canvas));this.root=l("div",{className:"draws"},this.plot.canvas,l("div",{className:"draws-right"},this.formula,l("label",{className:"hold"},l("b",{},"σ ×"),this.share,l("span",{className:"hint"},"0: a point, as in an AE · 1: the posterior")),l("div",{className:"actions"},x("n",v("Draw again",()=>this.again(),"another ε: key n")),x("t",v("Another image",()=>this.choose((this.row+37)%e.count),"key t"))),l("div",{className:"draws-images"},l("figure",{},this.original.canvas,l("figcaption",{},"test image")),l("figure",{},i,l("figcaption",{},`${C} draws, decoded`)))))}model;engine;library;root;plot;original;pictures;share=l("input",{type:"range",min:"0",max:"3",step:"0.01",value:"0","aria-label":"how much of σ is drawn with: 0 is a plain autoencoder's point, 1 the posterior"});formula=l("p",{className:"formula"});codes=null;scales=null;labels=null;row=0;seed=1;epsilon;async open(){[this.codes,this.scales]=await Promise.all([this.library.codes(),this.library.scales()]),this.model.columns.some(t=>t.key==="labels")&&(this.labels=(await this.library.column("labels")).categories??null);let e=(await this.library.column("error")).values;this.choose(e?e.indexOf(e.reduce((t,r)=>Math.min(t,r))):0)}theme(){this.plot.draw()}choose(e){this.row=e,this.library.drawOriginal(e,this.original.canvas,()=>this.row===e).then(t=>this.original.canvas.closest("figure").hidden=!t),this.show()}again(){this.epsilon=T(C*this.model.latentSize,++this.seed),this.show()}drawn(){let e=this.model.latentSize,t=this.share.valueAsNumber;return this.epsilon.map((r,i)=>this.codes[this.row*e+i%e]+t*this.scales[this.row*e+i%e]*r)}show(){if(!this.codes||!this.scales)return;let e=this.model.latentSize,[t,r]=[this.codes,this.scales].map(a=>Array.from(a.subarray(this.row*e,this.row*e+2),h=>b(h)).join(", "));this.formula.textContent=`z = μ + σ·ε = (${t}) + ${b(this.share.valueAsNumber)} · (${r}) · ε,  ε ~ N(0, I)`;let[,i,n]=this.model.imageShape,s=4*i*n;this.engine.decodeMany([{channel:"draws",z:this.drawn(),count:C,done:a=>this.pictures.forEach((h,c)=>h.paint(a.slice(c*s,(c+1)*s)))}]),this.plot.draw()}scale(e){return Math.min(e.width,e.height)/7.2}paint(e,t){let{codes:r,scales:i}=this;if(!r||!i)return;let n=this.model.latentSize,s=this.scale(t),a=(p,w)=>[t.width/2+s*p[w*n],t.height/2-s*p[w*n+Math.min(1,n-1)]],h=W(Math.max(this.model.labelNames.length,1)),c=p=>this.labels?h[this.labels[p]]:t.colour("--quiet"),d=this.share.valueAsNumber;e.fillStyle=t.colour("--line"),e.fillRect(0,t.height/2,t.width,1),e.fillRect(t.width/2,0,1,t.height);let u=Math.max(1,Math.floor(this.model.count/Ke)),m=(p,w)=>{let[Z,Te]=a(r,p);e.beginPath(),e.ellipse(Z,Te,w*d*s*i[p*n],w*d*s*i[p*n+Math.min(1,n-1)],0,0,2*Math.PI)};for(let p=0;p<this.model.count;p++){e.fillStyle=e.strokeStyle=c(p),e.globalAlpha=p%u?.35:.9;let[w,Z]=a(r,p);e.beginPath(),e.arc(w,Z,p%u?2:3,0,2*Math.PI),e.fill(),!(p%u||d===0)&&(m(p,1),e.globalAlpha=.14,e.fill(),e.globalAlpha=.5,e.lineWidth=1,e.stroke())}e.globalAlpha=1,e.strokeStyle=t.colour("--text");for(let p of d>0?[1,2]:[])m(this.row,p),e.lineWidth=2,e.stroke();let f=this.drawn();for(let p=0;p<C;p++)e.beginPath(),e.arc(...a(f,p),5,0,2*Math.PI),e.fillStyle=t.colour("--accent"),e.fill(),e.strokeStyle=t.colour("--ground"),e.lineWidth=1.5,e.stroke()}pick(e){if(!this.codes)return;let t=this.plot.canvas.getBoundingClientRect(),r=this.scale(this.plot),[i,n]=[(e.clientX-t.left-t.width/2)/r,(t.height/2-e.clientY+t.top)/r],s=this.model.latentSize,[a,h]=[1/0,this.row];for(let c=0;c<this.model.count;c++){let d=(this.codes[c*s]-i)**2+(this.codes[c*s+Math.min(1,s-1)]-n)**2;d<a&&([a,h]=[d,c])}this.choose(h)}dispose(){this.plot.dispose()}};var we=`.lessons .plot { display: block; width: 100%; image-rendering: auto; color: var(--text); }
.lessons p { margin: 0; }
.hold { display: flex; flex-wrap: wrap; align-items: center; gap: 12px; min-width: 0; }
.hold b { min-width: 1.6em; }
.stage .hold input[type="range"] { flex: 1; min-width: 160px; }
.hold .figure { min-width: 3.4em; }
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
.rotate .hold { max-width: 760px; }
.rotate-strips { display: grid; gap: 22px; min-width: 0; }
.rotate-row { display: grid; grid-template-columns: 8em minmax(0, 1fr); align-items: center; gap: 0; }
.rotate-row .hint { display: block; }
.rotate .strip { cursor: default; }
@container (min-width: 820px) {
  .tug, .draws { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
}
`;function xe(o){let e=o.rate??o.variance,t=e.map((n,s)=>s).sort((n,s)=>e[s]-e[n]||n-s),r=n=>o.rate?o.rate[n]<.05:o.variance[n]<1e-8,i=t.filter(r);return i.length===t.length?{live:t,dead:[]}:{live:t.filter(n=>!r(n)),dead:i}}var Xe="₀₁₂₃₄₅₆₇₈₉",ke=o=>"z"+[...String(o+1)].map(e=>Xe[+e]).join("");var _=class{constructor(e,t,r){this.shape=e;this.count=t;this.canvas=l("canvas",{className:"strip",role:"img","aria-label":r}),this.context=this.canvas.getContext("2d")}shape;count;canvas;context;row={factor:1,gap:1};cell=0;gap=0;fit(e,t=64){let[,,r]=this.shape,i=globalThis.devicePixelRatio||1,n=1;for(;(r/n+1)*this.count>e*i&&r/n>16;)n*=2;let s=Math.floor(r/n),a=f=>{let p=this.count*s+(this.count-1)*f;return Math.min(G(s,t),G(p,e)/p*s)/s},h=a(1)*i<2?2:1,c=a(h);[this.cell,this.gap]=[s*c,h*c];let[d,u]=ee(this.count,this.shape,{factor:n,gap:h}),m=this.canvas.width!==d||this.canvas.height!==u;return m&&([this.canvas.width,this.canvas.height]=[d,u]),this.row={factor:n,gap:h},this.canvas.style.width=`${d*c}px`,this.canvas.style.height=`${u*c}px`,m}get width(){return this.count*this.cell+(this.count-1)*this.gap}paint(e){let{width:t,height:r}=this.canvas;e.length===4*t*r&&this.context?.putImageData(new ImageData(e,t,r),0,0)}at(e){let t=this.canvas.getBoundingClientRect();return Math.max(0,Math.min(this.count-1,Math.floor((e.clientX-t.left)/t.width*this.count)))}};var ie=11,R=3,ne=11;function je(o,e,t,r){let i=o.slice();return i[e]=Math.cos(r)*o[e]-Math.sin(r)*o[t],i[t]=Math.sin(r)*o[e]+Math.cos(r)*o[t],i}var Y=class{constructor(e,t){this.model=e;this.engine=t;let{live:r,dead:i}=xe(e);this.axes=[r[0],r[1]??i[0]??r[0]];let n=this.axes.map(ke);this.strips=n.map(a=>new _(e.imageShape,ie,`traversal of the turned ${a}, from −${R} to ${R}`)),this.samples=new _(e.imageShape,ne,"samples of the rotated model"),this.angle.addEventListener("input",()=>this.show());let s=(a,h,c)=>l("div",{className:"rotate-row"},l("div",{},l("b",{},a),l("span",{className:"hint"},h)),c.canvas);this.place.append(...n.map((a,h)=>s(`${a}′`,`from −${R} to ${R}`,this.strips[h])),s("samples","the same N(0, I)",this.samples)),this.root=l("div",{className:"rotate"},l("label",{className:"hold"},l("b",{},"turn"),this.angle,this.degrees),this.place,l("div",{className:"actions"},x("n",v("New samples",()=>this.again(),"other codes from the prior: key n"))),l("p",{className:"hint"},"The prior N(0, I) looks the same from every side, so ELBO, reconstructions and the distribution of samples of the turned model are exactly those of the other one. Nothing in the likelihood asks for these axes.")),this.sized=new ResizeObserver(()=>this.fit()),this.sized.observe(this.place)}model;engine;root;axes;strips;samples;place=l("div",{className:"rotate-strips"});angle=l("input",{type:"range",min:"0",max:"90",step:"1",value:"0","aria-label":"rotation of the two axes, degrees"});degrees=l("output",{className:"figure"});sized;seed=2;ready=!1;async open(){this.ready=!0,this.show()}theme(){}fit(){let e=Math.max(120,(this.place.querySelector(".rotate-row")?.clientWidth??0)-128);[...this.strips,this.samples].map(r=>r.fit(e,110)).some(Boolean)&&this.show()}again(){this.seed++,this.show()}show(){if(this.degrees.value=`${this.angle.value}°`,!this.ready)return;let{latentSize:e}=this.model,[t,r]=this.axes,i=this.angle.valueAsNumber*Math.PI/180,n=(c,d,u)=>{let m=new Float32Array(u.length*e);return u.forEach((f,p)=>m.set(je(f,t,r,i),p*e)),{channel:d,z:m,count:u.length,row:c.row,done:f=>c.paint(f)}},s=c=>Array.from({length:ie},(d,u)=>{let m=new Float32Array(e);return m[c]=-R+2*R*u/(ie-1),m}),a=T(ne*e,this.seed),h=Array.from({length:ne},(c,d)=>a.slice(d*e,(d+1)*e));this.engine.decodeMany([n(this.strips[0],"turn-0",s(t)),n(this.strips[1],"turn-1",s(r)),n(this.samples,"turn-s",h)])}dispose(){this.sized.disconnect()}};var Me=Math.log(2*Math.PI),Se=(o,e)=>[o/e**2,1/e-(1+o**2)/e**3],M=[{key:"klqp",label:"KL(q‖p)",about:"the rate of a VAE: pulls μ to 0 and σ to 1",value:(o,e)=>.5*(o**2+e**2-1)-Math.log(e),gradient:(o,e)=>[o,e-1/e]},{key:"klpq",label:"KL(p‖q)",about:"the same minimum, but a narrow q is punished hardest: nothing of p may be missed",value:(o,e)=>.5*((1+o**2)/e**2-1)+Math.log(e),gradient:Se},{key:"hpq",label:"H(p, q)",about:"KL(p‖q) plus the entropy of p, which is constant: the same pull",value:(o,e)=>.5*(Me+(1+o**2)/e**2)+Math.log(e),gradient:Se},{key:"hqp",label:"H(q, p)",about:"without the entropy of q nothing keeps it wide: σ falls to 0, a point again",value:(o,e)=>.5*(Me+o**2+e**2),gradient:(o,e)=>[o,e]}],I=[-3,3],N=[.05,3];function se(o,e,t,r,i=.06){let[n,s]=o.gradient(e,t),a=c=>Math.max(-i,Math.min(i,r*c)),h=(c,[d,u])=>Math.max(d,Math.min(u,c));return[h(e-a(n),I),h(t-a(s),N)]}var Ae=[k[0],k[1],k[2],k[4]],D=4.2,oe=1.05,ae=6,Ee=.02,X=class{root;mu;sigma;chosen=M[0];frame=0;sliders;readouts=[l("output",{className:"figure"}),l("output",{className:"figure"})];rows;plots;go=x("g",v("Let go",()=>this.release(),"μ and σ follow the slope of what is chosen: key g"));said=l("p",{className:"hint",role:"status"});constructor(e){this.mu=e.mu??1.5,this.sigma=e.sigma??.4;let t=new y("density","the prior N(0, 1), and q, whose peak can be dragged",(s,a)=>this.paintDensity(s,a)),r=new y("curves","the four divergences over μ",(s,a)=>this.paintCurves(s,a,I,h=>[h,this.sigma],this.mu,"μ")),i=new y("curves","the four divergences over σ",(s,a)=>this.paintCurves(s,a,N,h=>[this.mu,h],this.sigma,"σ"));this.plots=[t,r,i],this.sliders=[this.slider("μ, mean of q",I,s=>this.set(s,this.sigma)),this.slider("σ, standard deviation of q",N,s=>this.set(this.mu,s))],this.rows=M.map((s,a)=>this.row(s,Ae[a]));let n=new H("what pulls",M.map(s=>[s.key,s.label]),this.chosen.key,s=>{this.chosen=M.find(a=>a.key===s),this.said.textContent=this.chosen.about});this.said.textContent=this.chosen.about,this.hand(t),this.root=l("div",{className:"tug"},l("div",{className:"tug-left"},t.canvas,...["μ","σ"].map((s,a)=>l("label",{className:"hold"},l("b",{},s),this.sliders[a],this.readouts[a])),l("div",{className:"actions"},n.root,this.go),this.said),l("div",{className:"tug-right"},l("table",{},l("caption",{className:"hint"},"nats, and the slope by μ and by σ: a step downhill goes against it"),l("thead",{},l("tr",{},...["","nats","∂ μ","∂ σ"].map(s=>l("th",{scope:"col"},s)))),l("tbody",{},...this.rows.map(s=>s.root))),l("div",{className:"pair-of-curves"},r.canvas,i.canvas))),this.set(this.mu,this.sigma)}theme(){this.plots.forEach(e=>e.draw())}slider(e,[t,r],i){let n=l("input",{type:"range",min:String(t),max:String(r),step:"0.01","aria-label":e});return n.addEventListener("input",()=>{this.hold(),i(n.valueAsNumber)}),n}row(e,t){let r=l("td",{className:"figure"}),i=[l("td",{className:"figure slope"}),l("td",{className:"figure slope"})],n=l("i",{});return n.style.background=t,{value:r,slopes:i,root:l("tr",{title:e.about},l("th",{scope:"row"},n,e.label),r,...i)}}set(e,t){[this.mu,this.sigma]=[e,t];let[r,i]=this.sliders;r.valueAsNumber!==e&&(r.value=String(e)),i.valueAsNumber!==t&&(i.value=String(t)),[this.readouts[0].value,this.readouts[1].value]=[b(e),b(t)],M.forEach((n,s)=>{let{value:a,slopes:h}=this.rows[s];a.textContent=b(n.value(e,t)),n.gradient(e,t).forEach((c,d)=>{h[d].textContent=b(c),h[d].style.setProperty("--pull",String(-Math.tanh(c/2)))})}),this.theme()}release(){this.hold();let e=pe()?0:900,t=()=>{let[r,i]=se(this.chosen,this.mu,this.sigma,Ee),n=Math.abs(r-this.mu)+Math.abs(i-this.sigma);this.set(r,i),n>2e-5&&e-- >0&&(this.frame=requestAnimationFrame(t))};if(e)t();else{let[r,i]=[this.mu,this.sigma];for(let n=0;n<5e3;n++)[r,i]=se(this.chosen,r,i,Ee);this.set(r,i)}}hold(){cancelAnimationFrame(this.frame)}hand(e){let t=r=>{let i=e.canvas.getBoundingClientRect(),n=((r.clientX-i.left)/i.width-.5)*2*D,s=(1-(r.clientY-i.top)/(i.height-24))*oe,a=1/(Math.sqrt(2*Math.PI)*Math.max(s,.01));this.set(Ce(n,I),Ce(a,N))};e.canvas.addEventListener("pointerdown",r=>{this.hold(),e.canvas.setPointerCapture(r.pointerId),t(r)}),e.canvas.addEventListener("pointermove",r=>e.canvas.hasPointerCapture(r.pointerId)&&t(r))}paintDensity(e,t){let{width:r}=t,i=t.height-24,n=d=>(d/D/2+.5)*r,s=d=>i-Math.min(d,1.02*oe)/oe*i,a=(d,u)=>{e.beginPath();for(let m=0;m<=r;m++){let f=(m/r-.5)*2*D;e.lineTo(m,s(Math.exp(-.5*((f-d)/u)**2)/(u*Math.sqrt(2*Math.PI))))}};e.fillStyle=t.colour("--line"),e.fillRect(0,i,r,1),e.fillStyle=e.strokeStyle=t.colour("--quiet"),e.textAlign="center";for(let d=-4;d<=4;d++)e.fillText(d<0?`−${-d}`:String(d),n(d),t.height-5);e.lineWidth=2,e.setLineDash([6,5]),a(0,1),e.stroke(),e.setLineDash([]),e.textAlign="left",e.fillText("p = N(0, 1)",n(-D)+8,1.2*t.letter);let h=t.colour("--accent");a(this.mu,this.sigma),e.strokeStyle=h,e.lineWidth=2.5,e.stroke(),e.lineTo(r,i),e.lineTo(0,i),e.globalAlpha=.18,e.fillStyle=h,e.fill(),e.globalAlpha=1;let c=s(1/(this.sigma*Math.sqrt(2*Math.PI)));e.beginPath(),e.arc(n(this.mu),Math.max(c,8),8,0,2*Math.PI),e.fill(),e.fillStyle=t.colour("--text"),e.fillText("q = N(μ, σ²): drag its peak",n(-D)+8,2.5*t.letter)}paintCurves(e,t,[r,i],n,s,a){let h=t.height-22,c=u=>(u-r)/(i-r)*t.width,d=u=>h-Math.max(-.05,Math.min(u,ae*1.05))/ae*h;e.fillStyle=t.colour("--line"),e.fillRect(0,h,t.width,1),e.fillStyle=t.colour("--quiet"),e.textAlign="left",e.fillText(`${b(r)}`,2,t.height-4),e.fillText(`${ae} nats`,2,t.letter),e.textAlign="right",e.fillText(`${a} = ${b(i)}`,t.width-2,t.height-4),e.fillRect(c(s),0,1,h),M.forEach((u,m)=>{e.strokeStyle=e.fillStyle=Ae[m],e.lineWidth=u===this.chosen?3:1.75,e.beginPath();for(let f=0;f<=t.width;f+=2)e.lineTo(f,d(u.value(...n(r+f/t.width*(i-r)))));e.stroke(),e.beginPath(),e.arc(c(s),d(u.value(...n(s))),4.5,0,2*Math.PI),e.fill()})}dispose(){this.hold(),this.plots.forEach(e=>e.dispose())}},Ce=(o,[e,t])=>Math.max(e,Math.min(t,o));var Ze="p or Esc leaves · 1 to 9 take a slider, then ← → move it · n draws again · g lets go",j=class{constructor(e,t,r=!1,i=import.meta.url){this.appRoot=t;this.bundle=i;A(),this.presenter=q.of(this.element,Ze,r),e.replaceChildren(this.element)}appRoot;bundle;message=l("p",{className:"notice",role:"status"});frame=l("div",{className:"frame"});element=l("div",{className:"stage lessons"},l("style",{},fe+we+me),this.message,this.frame);presenter;lesson=null;engine=null;library=null;shown="";update(e){let t=JSON.stringify(e);t!==this.shown&&this.open(e),this.shown=t,requestAnimationFrame(()=>this.lesson?.theme())}open(e){this.close(),this.lesson=e.kind==="tug"?new X(e.state??{}):this.withModel(e),this.lesson&&this.frame.replaceChildren(this.lesson.root)}withModel({kind:e,model:t}){if(!t)return null;let r=h=>this.message.textContent=h,i=new URL(t.base,this.appRoot).href,n=new z(t,i,le(this.bundle),r);this.engine=n;let s=this.library=new $(t,i),a=e==="draws"?new K(t,n,s):new Y(t,n);return n.open().then(()=>a.open(),h=>r(h.message)).catch(h=>r(h.message)),a}close(){this.lesson?.dispose(),this.engine?.dispose(),this.library?.dispose(),this.lesson=this.engine=this.library=null}dispose(){this.presenter?.dispose(),this.close(),this.element.remove()}};function Re(o){let e=new WeakMap;return(t,r)=>{let i=t.parentElement,n=e.get(i);if(!n){let s={component:t};s.page=o(i,r,()=>s.component),e.set(i,n=s)}return n.component=t,n.page.update(t.data),()=>{e.get(i)?.page.dispose(),e.delete(i)}}}var Nn=Re((o,e,t)=>new j(o,e,t().presenting));export{Nn as default};
