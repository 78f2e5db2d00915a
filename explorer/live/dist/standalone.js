function s(a,e={},...t){let n=document.createElement(a);for(let[r,i]of Object.entries(e))r==="dataset"?Object.assign(n.dataset,i):r.startsWith("aria-")||r==="role"||r==="for"?n.setAttribute(r,String(i)):n[r]=i;return n.append(...t.filter(r=>r!=null&&r!==!1)),n}function l(a,e,t=""){let n=s("button",{type:"button",title:t},a);return n.addEventListener("click",e),n}var d=class a{constructor(e,t,n=()=>!1,r=!1){this.element=e;this.more=n;this.always=r;this.button=l("Present",()=>{this.set(!this.on)},"full screen, in large type (key p)"),this.button.classList.add("present"),this.help.textContent=t,e.tabIndex=-1,document.addEventListener("keydown",this.listen),document.addEventListener("fullscreenchange",this.watch)}element;more;always;button;help=s("span",{className:"keys"});listen=e=>this.key(e);watch=()=>{!document.fullscreenElement&&this.full&&this.set(!1)};on=!1;full=!1;static of(e,t,n=!1){if(n)return e.classList.add("presenting"),null;let r=new a(e,t);return e.append(r.button,r.help),r}async set(e){if(e!==this.on)if(this.on=e,this.button.textContent=e?"Exit":"Present",e){if(this.full=await document.documentElement.requestFullscreen().then(()=>!0,()=>!1),!this.on)return;this.element.popover="manual",this.element.classList.add("presenting"),this.element.showPopover(),this.element.focus({preventScroll:!0})}else this.element.popover=null,this.element.classList.remove("presenting"),this.full&&document.fullscreenElement&&await document.exitFullscreen().catch(()=>{}),this.full=!1}key(e){if(e.ctrlKey||e.metaKey||e.altKey||e.defaultPrevented||!this.element.isConnected)return;let t=e.composedPath()[0];if(!(t.isContentEditable||t.matches?.("textarea, select, input:not([type=range], [type=radio], [type=checkbox])"))){if(e.key==="p")this.set(!this.on);else if(e.key==="Escape"&&this.on)this.set(!1);else if(!this.more(e)&&!((this.on||this.always)&&this.press(e.key)))return;e.preventDefault()}}press(e){let t=r=>!r.closest("[inert]")&&r.checkVisibility();if(/^[1-9]$/.test(e)){let r=[...this.element.querySelectorAll("input[type=range]")].filter(t);return r[Number(e)-1]?.focus(),r.length>=Number(e)}let n=[...this.element.querySelectorAll(`[data-key="${CSS.escape(e)}"]`)].filter(r=>!r.closest("[inert]"));return n[0]?.click(),n.length>0}dispose(){this.set(!1),document.removeEventListener("keydown",this.listen),document.removeEventListener("fullscreenchange",this.watch)}};var f=`.stage {
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
`;var x=`.deck { outline: none; }
.deck .slides { min-width: 0; }
.deck .caption { margin: 0; }
.deck.single > header { padding-bottom: 14px; }
.deck.single h1 { font-size: 19px; font-weight: 600; margin: 0 0 2px; }
.deck:not(.single) { display: grid; grid-template-rows: auto minmax(0, 1fr) auto; gap: 14px; height: clamp(520px, calc(100vh - 230px), 900px); }
.deck:not(.single) .slides { position: relative; container-type: size; }
.deck:not(.single) .caption { font-size: clamp(17px, 1.6vw, 34px); line-height: 1.35; min-height: 2.7em; max-width: 62em; text-wrap: balance; }
.deck:not(.single) .slide { position: absolute; inset: 0; overflow: auto; scrollbar-width: thin; }
.deck .slide[inert] { visibility: hidden; opacity: 0; pointer-events: none; }
.deck footer { display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; padding-top: 10px; border-top: 1px solid var(--line); }
.deck .dots { display: flex; flex-wrap: wrap; gap: 2px; }
.stage .dots button { width: 22px; height: 22px; padding: 0; border: 0; display: grid; place-items: center; }
.stage .dots button::after { content: ""; width: 10px; height: 10px; border-radius: 50%; background: var(--line); }
.stage .dots button:hover::after { background: var(--quiet); }
.stage .dots button[aria-current]::after { background: var(--accent); }
.deck .keys { color: var(--quiet); font-size: 12.5px; margin-left: auto; }
.deck.presenting { height: 100vh; }
`;var A="p: full screen · →: next · ←: back · 1–9: select a slider, ← →: move it",c=class{constructor(e,t,n){this.load=t;this.appRoot=n;this.element.addEventListener("pointerup",r=>this.release(r)),e.replaceChildren(this.element)}load;appRoot;slides=s("div",{className:"slides"});caption=s("p",{className:"caption","aria-live":"polite"});place=s("output",{className:"figure"});back=l("←",()=>this.go(this.at-1),"previous scene");next=l("→",()=>this.go(this.at+1),"next scene");dots=s("nav",{className:"dots","aria-label":"scenes"});element=s("div",{className:"deck stage"},s("style",{},f+x));slots=new Map;presenter=null;data={title:"",scenes:[]};at=0;get single(){return this.data.scenes.length===1}update(e){this.data=e,this.at=Math.max(0,Math.min(this.at,e.scenes.length-1)),this.element.classList.toggle("single",this.single),this.arrange(),this.show(),this.refresh()}refresh(){for(let e of this.slots.values())this.mount(e)}go(e){e<0||e>=this.data.scenes.length||e===this.at||(this.at=e,this.show())}arrange(){if(this.single)return this.presenter?.dispose(),this.presenter=null,void this.element.replaceChildren(this.element.firstChild,s("header",{},s("h1",{},this.data.title),this.caption),this.slides);this.presenter??=new d(this.element,A,t=>this.key(t),!0),this.dots.replaceChildren(...this.data.scenes.map((t,n)=>{let r=l("",()=>this.go(n),t.caption);return r.setAttribute("aria-label",`scene ${n+1}`),r}));let e=s("footer",{},this.back,this.dots,this.next,this.place,this.presenter.help,this.presenter.button);this.element.replaceChildren(this.element.firstChild,this.caption,this.slides,e)}show(){let{scenes:e}=this.data;if(!e.length)return;this.caption.textContent=e[this.at].caption,this.place.value=`${this.at+1} / ${e.length}`,this.back.disabled=this.at===0,this.next.disabled=this.at===e.length-1,[...this.dots.children].forEach((i,o)=>o===this.at?i.setAttribute("aria-current","step"):i.removeAttribute("aria-current"));let t=[this.at,this.at+1,this.at-1].filter(i=>e[i]),n=new Set(t.map(i=>u(e[i])));for(let[i,o]of this.slots)n.has(i)||this.drop(i,o);let r=u(e[this.at]);for(let i of t)this.slotOf(e[i]);for(let[i,o]of this.slots)o.element.inert=i!==r}slotOf(e){let t=u(e),n=this.slots.get(t);if(n)return n;let r=s("section",{className:"slide"}),i=()=>{},o={data:e.data,parentElement:r,setStateValue:i,setTriggerValue:i,presenting:!this.single},p={element:r,component:o,bundle:null,stop:i};return this.slots.set(t,p),this.slides.append(r),this.load(e.entry).then(v=>{p.bundle=v,this.slots.get(t)===p&&this.mount(p)},()=>r.textContent="This scene could not be loaded; reload the page."),p}mount(e){e.bundle&&(e.stop=e.bundle.default(e.component,this.appRoot))}drop(e,t){this.slots.delete(e),t.stop(),t.element.remove()}release(e){let t=e.composedPath()[0];!this.single&&t.matches("input[type=range], button")&&t.blur()}key(e){let i={PageDown:1,PageUp:-1,...e.composedPath()[0].matches("input, select, textarea, canvas, [tabindex]:not(.deck)")?{}:{ArrowRight:1,ArrowLeft:-1}}[e.key];return i===void 0?!1:(this.go(this.at+i),this.element.focus({preventScroll:!0}),!0)}dispose(){this.presenter?.dispose();for(let[e,t]of this.slots)this.drop(e,t);this.element.remove()}},u=a=>JSON.stringify([a.entry,a.data]);function g(a){if(typeof a=="string")return a;let e=globalThis.addressesOf??=new WeakMap,t=e.get(a);return t||e.set(a,t=URL.createObjectURL(a)),t}var b=`:root { color-scheme: light dark; --page: #fbfcfc; --raised-page: #f0f3f4; --ink: #1a2023; --hue: #0b7285; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0d0f10; --raised-page: #15181a; --ink: #e6eaeb; --hue: #15879e; }
}
body { margin: 0; background: var(--page); color: var(--ink); font: 400 15px/1.5 system-ui, sans-serif; }
main {
  --st-background-color: var(--page);
  --st-secondary-background-color: var(--raised-page);
  --st-text-color: var(--ink);
  --st-primary-color: var(--hue);
  max-width: 1400px;
  margin: 0 auto;
  padding: 20px clamp(12px, 3vw, 40px) 40px;
}
main[aria-busy]::after { content: "Unpacking the model …"; opacity: 0.7; }
main:has(.deck:not(.single)) { max-width: none; padding-bottom: 12px; }
.deck:not(.single) { height: calc(100vh - 34px) !important; }
.deck.presenting:not(.single) { height: 100vh !important; }
/* there is no server to evaluate samples */
.metrics .waiting { display: none; }
`;function y(a,e,t){let n=a.get(e);return n||(a.set(e,n=t()),n.catch(()=>a.delete(e))),n}var m="inlined:/",S="The test images are not in this page: the data set was not available when it was exported.",h=class{elements=new Map;contents=new Map;assets;constructor(){for(let e of document.querySelectorAll("script[data-file]"))this.elements.set(e.dataset.file,e)}bytes(e){let t=decodeURIComponent(e.slice(m.length));return y(this.contents,t,()=>this.unpack(t))}async script(e){return new Blob([await this.bytes(m+e)],{type:"text/javascript"})}async openAssets(){let[e,t,n,r]=await Promise.all([this.script("live/worker.js"),this.script("live/ort.wasm.min.mjs"),this.script("live/ort-wasm-simd-threaded.mjs"),this.bytes(`${m}live/ort-wasm-simd-threaded.wasm`)]);this.assets={worker:g(e),cpu:{ort:t,glue:n,wasm:r}}}async unpack(e){let t=this.elements.get(e);if(!t)throw new Error(e.includes("/originals/")?S:"This part was not exported with the page; open it in the Latent Explorer.");let n=atob(t.textContent??"");t.remove();let r=Uint8Array.from(n,i=>i.charCodeAt(0));return new Response(new Blob([r]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()}};async function T(){let a=document.querySelector("main");if(document.head.append(s("style",{},b)),typeof DecompressionStream>"u"||typeof WebAssembly>"u")throw new Error("This browser is too old for this page; open it in a current Chrome, Edge, Firefox or Safari.");let e=new h;globalThis.inlinedFiles=e;let t=JSON.parse(document.getElementById("scenes").textContent),n=[...new Set(t.scenes.map(o=>o.entry))],r=new Map;await Promise.all([e.openAssets(),...n.map(async o=>r.set(o,import(g(await e.script(`live/${o}.js`)))))]);let i=new c(a,o=>r.get(o),m);i.update(t),a.removeAttribute("aria-busy"),matchMedia("(prefers-color-scheme: dark)").addEventListener("change",()=>i.refresh())}T().catch(a=>{document.querySelector("main").replaceChildren(s("p",{className:"notice",role:"alert"},a.message))});
