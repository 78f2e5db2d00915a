function s(r,e={},...t){let i=document.createElement(r);for(let[n,a]of Object.entries(e))n==="dataset"?Object.assign(i.dataset,a):n.startsWith("aria-")||n==="role"||n==="for"?i.setAttribute(n,String(a)):i[n]=a;return i.append(...t.filter(n=>n!=null&&n!==!1)),i}function c(r,e,t=""){let i=s("button",{type:"button",title:t},r);return i.addEventListener("click",e),i}function y(r,e){return e.dataset.key=r,e}async function z(){let r=document.documentElement;return r.requestFullscreen?r.requestFullscreen().then(()=>!0,()=>!1):!1}var g=class r{constructor(e,t,i=()=>!1,n=!1){this.element=e;this.more=i;this.always=n;this.button=c("Present",()=>{this.set(!this.on)},"full screen, in large type (key p)");this.help=s("span",{className:"keys"});this.listen=e=>this.key(e);this.watch=()=>{!document.fullscreenElement&&this.full&&this.set(!1)};this.on=!1;this.full=!1;this.button.classList.add("present"),this.help.textContent=t,e.tabIndex=-1,document.addEventListener("keydown",this.listen),document.addEventListener("fullscreenchange",this.watch)}static of(e,t,i=!1){if(i)return e.classList.add("presenting"),null;let n=new r(e,t);return e.append(n.button,n.help),n}async set(e){if(e!==this.on)if(this.on=e,this.button.textContent=e?"Exit":"Present",e){if(this.full=await z(),!this.on)return;this.element.classList.add("presenting","filling"),"popover"in this.element&&(this.element.popover="manual",this.element.showPopover()),this.element.focus({preventScroll:!0})}else this.element.popover=null,this.element.classList.remove("presenting","filling"),this.full&&document.fullscreenElement&&await document.exitFullscreen().catch(()=>{}),this.full=!1}moved(){!this.element.popover||this.element.matches(":popover-open")||(this.element.showPopover(),this.element.focus({preventScroll:!0}))}key(e){if(e.ctrlKey||e.metaKey||e.altKey||e.defaultPrevented||!this.element.isConnected)return;let t=e.composedPath()[0];if(!(t.isContentEditable||t.matches?.("textarea, select, input:not([type=range], [type=radio], [type=checkbox])"))){if(e.key==="p")this.set(!this.on);else if(e.key==="Escape"&&this.on)this.set(!1);else if(!this.more(e)&&!((this.on||this.always)&&this.press(e.key)))return;e.preventDefault()}}press(e){let t=n=>!n.closest("[inert]")&&n.checkVisibility();if(/^[1-9]$/.test(e)){let n=[...this.element.querySelectorAll("input[type=range], [data-numbered]")].filter(t)[Number(e)-1];return(n?.querySelector('[role="radio"][aria-checked="true"]')??n)?.focus(),n?.matches("button")&&n.click(),n!==void 0}let i=[...this.element.querySelectorAll(`[data-key="${CSS.escape(e)}"]`)].filter(n=>!n.closest("[inert]"));return i[0]?.click(),i.length>0}dispose(){this.set(!1),document.removeEventListener("keydown",this.listen),document.removeEventListener("fullscreenchange",this.watch)}};var k=`.stage {
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
`;var E=`.deck { outline: none; }
.deck .slides { min-width: 0; min-height: 0; }
.deck .caption { margin: 0; }
.deck.single > header { padding-bottom: 14px; }
.deck.single h1 { font-size: 19px; font-weight: 600; margin: 0 0 2px; }
.deck:not(.single) { display: grid; grid-template: "list caption" auto "list slides" minmax(0, 1fr) "list fields" auto "list footer" auto / 190px minmax(0, 1fr); gap: 14px 20px; height: clamp(520px, calc(100vh - 230px), 900px); }
.deck .slide-list { grid-area: list; }
.deck > .caption { grid-area: caption; }
.deck:not(.single) > .slides { grid-area: slides; }
.deck > .words-fields { grid-area: fields; display: none; gap: 8px; }
.deck > footer { grid-area: footer; }
.deck.own:not(.filling) > .caption { display: none; }
.deck.own:not(.filling) > .words-fields { display: grid; }
.words-fields textarea { font: inherit; color: inherit; background: var(--faint); border: 1px solid var(--line); border-radius: var(--radius); padding: 6px 10px; resize: vertical; width: 100%; }
.words-fields textarea:first-child { font-size: 18px; }
.slide-list { list-style: none; margin: 0; padding: 2px; overflow: auto; scrollbar-width: thin; display: grid; gap: 8px; align-content: start; }
.slide-list li { display: grid; grid-template-columns: 1.4em minmax(0, 1fr); gap: 2px 4px; padding: 6px; border-radius: var(--radius); border: 1px solid transparent; cursor: pointer; }
.slide-list li[draggable="true"] { cursor: grab; }
.slide-list li:hover { background: var(--faint); }
.slide-list li[aria-current] { background: var(--raised); border-color: var(--accent); }
.slide-list li.before { box-shadow: 0 -3px var(--accent); }
.slide-list li.after { box-shadow: 0 3px var(--accent); }
.slide-list canvas, .slide-list .blank { width: 100%; aspect-ratio: 16 / 8; object-fit: cover; image-rendering: auto; background: var(--faint); border-radius: 3px; }
.slide-list .words { grid-column: 2; font-size: 12.5px; line-height: 1.3; color: var(--quiet); display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.deck.filling > .slide-list, .deck.filling > .words-fields { display: none !important; }
@media (max-width: 900px) {
  .deck:not(.single) { grid-template: "caption" auto "slides" minmax(0, 1fr) "fields" auto "footer" auto / minmax(0, 1fr); }
  .deck .slide-list { display: none; }
}
.deck:not(.single) .slides { position: relative; container-type: size; }
.deck:not(.single) .caption { font-size: max(18px, 1.25em); line-height: 1.3; }
.deck:not(.single) .slide { position: absolute; inset: 0; overflow: auto; scrollbar-width: thin; }
.deck:not(.filling) .slide .stage.presenting { font-size: clamp(14px, 1.5cqw, 22px); }
.deck .slide[inert] { visibility: hidden; opacity: 0; pointer-events: none; }
.deck footer { position: relative; display: flex; flex-wrap: wrap; align-items: center; gap: 8px 14px; padding-top: 10px; }
.deck .progress { position: absolute; inset: 0 0 auto; height: 3px; background: linear-gradient(90deg, var(--accent) calc(100% * var(--done)), var(--line) 0); }
.deck .dots { display: flex; flex-wrap: wrap; gap: 2px; }
.stage .dots button { width: 28px; height: 28px; padding: 0; border: 0; display: grid; place-items: center; }
.stage .dots button::after { content: ""; width: 10px; height: 10px; border-radius: 50%; background: var(--line); }
.stage .dots button:hover::after { background: var(--quiet); }
.stage .dots button[aria-current]::after { background: var(--accent); }
.deck .keys { color: var(--quiet); margin-left: auto; }
.deck.filling.filling:not(.single) { grid-template: "caption" auto "slides" minmax(0, 1fr) "footer" auto / minmax(0, 1fr); height: 100vh; height: 100dvh; padding: 1.6vh 2vw 1vh; gap: 1.4vh; overflow: hidden; }
.deck.filling .caption { font-size: 1.34em; }
.deck.filling > footer { padding-top: 6px; }
.deck.filling > footer > button.present, .deck.filling > footer > .keys { position: static; display: revert; font-size: 1em; }
.deck.filling .place { margin-left: auto; }
.deck.filling > footer { min-height: 2.6em; }
/* out of sight until the stage is touched */
.deck.filling :is(footer > :not(.place, .progress), .slide .actions, .slide .controls) { transition: opacity 0.2s; }
.deck.filling:not(.touched) :is(footer > :not(.place, .progress), .slide .actions, .slide .controls) { opacity: 0; }
@media (pointer: coarse) {
  .stage .dots button, .deck footer > button { min-width: 44px; height: 44px; }
}
@media (max-width: 1100px) {
  .deck:not(.filling) .keys { display: none !important; }
}
@media (max-width: 700px) {
  .deck .keys, .deck .dots { display: none !important; }
}
`;var S="latent explorer: scenes";function L(){try{let r=JSON.parse(localStorage.getItem(S)??"[]");return Array.isArray(r)?r:[]}catch{return[]}}function b(r){try{localStorage.setItem(S,JSON.stringify(r))}catch{}}var R="1–9: select a slider, ← →: move it",h=r=>r>1?`1–${Math.min(9,r)}`:"1";function T(r,e=!0){if(!r)return R;if(r.side)return e?"1: the tokens, 2: the words, arrow keys and Enter: paint":"1: the words, arrow keys: choose one";switch(r.kind){case"categorical":return r.tokens>1?`${h(r.tokens)}: select a group, ← →: its boxes`:`${h(r.words)}: select a box`;case"binary":return`${h(r.tokens)}: turn a switch`;case"fsq":return`${h(r.levels?.length??1)}: select a dimension, ← →: its levels`;default:return`${h(Math.min(r.words,K)-1)}: a word like the present one`}}var K=9;function M({entry:r,data:e}){let{model:t,view:i}=r==="stage"?e:{};return`p: full screen · → ←: step · ${t?.code?T(t.code,i==="explore"):"1–9: take a slider"} · o: notes`}var C=320;function N(r,e){let t=r.getBoundingClientRect(),i=C/Math.max(1,t.width),n=s("canvas",{width:C,height:Math.max(1,Math.round(i*t.height))}),a=n.getContext("2d");a.fillStyle=e,a.fillRect(0,0,n.width,n.height);for(let l of r.querySelectorAll("canvas")){let o=l.getBoundingClientRect();!l.width||!l.height||!o.width||a.drawImage(l,i*(o.left-t.left),i*(o.top-t.top),i*o.width,i*o.height)}return n}function D(r){let e=new Uint32Array(r.getContext("2d").getImageData(0,0,r.width,r.height).data.buffer);return e.every(t=>t===e[0])}function u(r){let e=s("canvas",{width:r.width,height:r.height});return e.getContext("2d").drawImage(r,0,0),e}var O=`
  body { margin: 0; padding: 24px 32px; font: 20px/1.5 system-ui, sans-serif; color: #e8ecee; background: #14181a; }
  header { display: flex; justify-content: space-between; color: #a3adb1; font-variant-numeric: tabular-nums; }
  .notes { font-size: 28px; white-space: pre-wrap; margin: 20px 0 32px; }
  .next { display: flex; gap: 20px; border-top: 1px solid #343c40; padding-top: 20px; color: #a3adb1; }
  canvas { flex: none; width: 320px; border: 1px solid #343c40; }
`,m=class{constructor(e){this.key=e;this.other=null;this.timer=0;this.began=0;this.clock=s("output");this.now=null}open(){if(this.other&&!this.other.closed)return this.other.focus();if(this.other=window.open("","latent-explorer-notes","popup,width=900,height=640"),!this.other)return;let{document:e}=this.other;e.title="Notes",e.head.replaceChildren(s("style",{},O)),this.other.addEventListener("keydown",this.key),this.began=Date.now(),clearInterval(this.timer),this.timer=window.setInterval(()=>this.tick(),1e3),this.now&&this.show(this.now)}show(e){this.now=e,!(!this.other||this.other.closed)&&(this.tick(),this.other.document.body.replaceChildren(s("header",{},s("b",{},e.place),this.clock),s("p",{className:"notes"},e.notes||"No notes for this scene."),s("div",{className:"next"},e.picture&&u(e.picture),s("p",{},e.next?`Next: ${e.next}`:"This is the last scene."))))}tick(){if(!this.other||this.other.closed)return clearInterval(this.timer);let e=Math.floor((Date.now()-this.began)/1e3);this.clock.value=`${Math.floor(e/60)}:${String(e%60).padStart(2,"0")}`}dispose(){clearInterval(this.timer),this.other?.close()}};var x=class{constructor(e,t){this.changes=e;this.pictureOf=t;this.root=s("ol",{className:"slide-list","aria-label":"scenes"});this.dragged=-1;this.count=0;this.root.addEventListener("keydown",i=>this.key(i))}show(e,t,i){let n=this.root.contains(this.root.getRootNode().activeElement);this.count=e.length,this.root.replaceChildren(...e.map((a,l)=>this.item(a,l,t,i))),n&&this.focus(t)}item(e,t,i,n){let a=this.pictureOf(e),o=s("li",{tabIndex:t===i?0:-1,draggable:n,title:n?"arrow keys go, Alt + arrow keys move it, Delete removes it; or drag it":"arrow keys go to a scene",dataset:{at:String(t)}},s("span",{className:"figure"},String(t+1)),a?u(a):s("i",{className:"blank"}),s("span",{className:"words"},e.caption||"no caption"));return t===i&&o.setAttribute("aria-current","step"),o.addEventListener("click",()=>this.changes.go(t)),o.addEventListener("dragstart",p=>{this.dragged=t,p.dataTransfer?.setData("text/plain",String(t+1))}),o.addEventListener("dragover",p=>{this.dragged<0||(p.preventDefault(),o.classList.toggle("before",t<this.dragged),o.classList.toggle("after",t>this.dragged))}),o.addEventListener("dragleave",()=>o.classList.remove("before","after")),o.addEventListener("dragend",()=>this.dragged=-1),o.addEventListener("drop",p=>{p.preventDefault(),o.classList.remove("before","after"),this.dragged>=0&&this.dragged!==t&&this.changes.move(this.dragged,t),this.dragged=-1}),o}focus(e){this.root.children[e]?.focus()}key(e){let t=Number(e.target.dataset.at??NaN),i=e.target.draggable;if(Number.isNaN(t))return;let n={ArrowDown:1,ArrowRight:1,ArrowUp:-1,ArrowLeft:-1,Home:-t,End:this.count-1-t}[e.key],a=t+(n??0);if(n!==void 0&&a>=0&&a<this.count&&e.altKey&&i)this.changes.move(t,a);else if(n!==void 0&&!e.altKey)this.changes.go(a);else if(e.key==="Delete"&&i)this.changes.remove(t);else return;e.preventDefault(),e.stopPropagation()}};var f=class{constructor(e){this.caption=s("p",{className:"caption","aria-live":"polite"});this.written=s("textarea",{rows:2,maxLength:600,placeholder:"caption"});this.notes=s("textarea",{rows:3,maxLength:4e3,placeholder:"notes for you alone: they are in the second window (key o)"});this.fields=s("div",{className:"words-fields"},this.written,this.notes);this.written.setAttribute("aria-label","caption of this scene"),this.notes.setAttribute("aria-label","notes for the speaker");let t=()=>e({caption:this.written.value.trim(),notes:this.notes.value});for(let i of[this.written,this.notes])i.addEventListener("change",t)}show(e){this.caption.textContent=e.caption;let t=this.written.getRootNode().activeElement;t!==this.written&&(this.written.value=e.caption),t!==this.notes&&(this.notes.value=e.notes??"")}};var $=700,H=2e3,I=4e3,B=5,j=3e3,v=class{constructor(e,t,i,n=null){this.load=t;this.appRoot=i;this.tell=n;this.slides=s("div",{className:"slides"});this.words=new f(e=>this.edit(this.data.scenes.map((t,i)=>i===this.at?{...t,...e}:t)));this.list=new x({go:e=>this.go(e),move:(e,t)=>this.move(e,t),remove:e=>this.edit(this.data.scenes.filter((t,i)=>i!==e))},e=>this.pictures.get(d(e)));this.pictures=new Map;this.notes=new m(e=>{this.key(e)});this.place=s("output",{className:"figure place"});this.progress=s("i",{className:"progress"});this.back=c("←",()=>this.go(this.at-1),"previous scene");this.next=c("→",()=>this.go(this.at+1),"next scene");this.dots=s("nav",{className:"dots","aria-label":"scenes"});this.element=s("div",{className:"deck stage"},s("style",{},k+E));this.slots=new Map;this.waiting=[];this.preparing=0;this.presenter=null;this.data={title:"",scenes:[]};this.at=0;this.resting=0;this.restored=!1;this.element.addEventListener("pointerup",a=>this.release(a));for(let a of["pointermove","pointerdown","focusin"])this.element.addEventListener(a,l=>l.target!==this.element&&this.touch());e.replaceChildren(this.element)}get single(){return this.data.scenes.length===1&&!this.data.own}update(e){e.restores&&!this.restored&&(this.restored=!0,this.tell?.("restore",L())),e.own&&b(w(e.scenes)),this.data=e,this.at=Math.max(0,Math.min(this.at,e.scenes.length-1)),this.element.classList.toggle("single",this.single),this.arrange(),this.show(),this.refresh()}refresh(){for(let e of this.slots.values())this.mount(e)}go(e){e<0||e>=this.data.scenes.length||e===this.at||(this.at=e,this.show())}arrange(){if(this.single)return this.presenter?.dispose(),this.presenter=null,void this.element.replaceChildren(this.element.firstChild,s("header",{},s("h1",{},this.data.title),this.words.caption),this.slides);this.presenter??=new g(this.element,"",i=>this.key(i),!0),this.dots.replaceChildren(...this.data.scenes.map((i,n)=>{let a=c("",()=>this.go(n),i.caption);return a.setAttribute("aria-label",`scene ${n+1}`),a}));let e=s("footer",{},this.progress,this.back,this.dots,this.next,this.presenter.help,this.presenter.button,this.place),t=c("Notes",()=>this.notes.open(),"a second window with your notes and the next scene (key o)");if(y("o",t),e.insertBefore(t,this.presenter.button),this.element.classList.toggle("own",!!this.data.own),this.element.contains(this.list.root))return this.element.lastElementChild.replaceWith(e);this.element.replaceChildren(this.element.firstChild,this.list.root,this.words.caption,this.slides,this.words.fields,e)}show(){let{scenes:e}=this.data;if(!e.length)return;this.words.show(e[this.at]),this.presenter&&(this.presenter.help.textContent=M(e[this.at])),this.outline(),this.place.value=`${this.at+1} / ${e.length}`,this.progress.style.setProperty("--done",String((this.at+1)/e.length)),this.back.disabled=this.at===0,this.next.disabled=this.at===e.length-1,[...this.dots.children].forEach((o,p)=>p===this.at?o.setAttribute("aria-current","step"):o.removeAttribute("aria-current"));let t=this.near(),i=new Set(t.map(o=>d(e[o])));for(let[o,p]of this.slots)i.has(o)||this.drop(o,p);let n=d(e[this.at]),[a,...l]=t.map(o=>e[o]);this.waiting=l,this.slotOf(a),this.prepare(this.slots.get(n).opened?0:H);for(let[o,p]of this.slots)p.element.inert=o!==n}near(){return[0,1,-1,2].map(e=>this.at+e).filter(e=>this.data.scenes[e])}slotOf(e){let t=d(e),i=this.slots.get(t);if(i)return i;let n=s("section",{className:"slide"}),a=()=>{},l={data:e.data,parentElement:n,setStateValue:a,setTriggerValue:a,presenting:!this.single},o={element:n,component:l,bundle:null,opened:!1,stop:a};return l.opened=()=>{o.opened=!0,this.picture(t,o),this.prepare(0)},this.slots.set(t,o),this.slides.append(n),this.load(e.entry).then(p=>{o.bundle=p,this.slots.get(t)===o&&this.mount(o)},()=>n.textContent="This scene could not be loaded; reload the page."),o}outline(){let{scenes:e,own:t}=this.data;if(this.single)return;this.list.show(e,this.at,!!t);let i=e[this.at+1];this.notes.show({place:`${this.at+1} / ${e.length}`,notes:e[this.at].notes??"",next:i?.caption??"",picture:i&&this.pictures.get(d(i))})}move(e,t){let i=[...this.data.scenes];i.splice(t,0,...i.splice(e,1)),this.at=t,this.edit(i)}edit(e){!this.data.own||!this.tell||(b(w(e)),this.tell("edit",w(e)),this.data={...this.data,scenes:e},this.at=Math.max(0,Math.min(this.at,e.length-1)),e.length&&(this.single||this.arrange(),this.show()))}picture(e,t,i=B){setTimeout(()=>{if(this.slots.get(e)!==t||this.single)return;let n=N(t.element,getComputedStyle(this.element).getPropertyValue("--ground"));if(D(n)&&i)return this.picture(e,t,i-1);this.pictures.set(e,n),this.outline(),this.near().some(a=>d(this.data.scenes[a])===e)||this.drop(e,t),this.prepare(0)},$)}prepare(e){if(clearTimeout(this.preparing),!this.waiting.length)return void(this.preparing=window.setTimeout(()=>this.illustrate(),I));this.preparing=window.setTimeout(()=>{let t=this.waiting.shift();if(!t)return;let{opened:i,element:n}=this.slotOf(t);n.inert=d(t)!==d(this.data.scenes[this.at]),this.prepare(i?0:H)},e)}illustrate(){if(this.single||!this.list.root.offsetWidth||this.slots.size>this.near().length)return;let e=this.data.scenes.find(t=>!this.pictures.has(d(t))&&!this.slots.has(d(t)));e&&(this.slotOf(e).element.inert=!0)}mount(e){e.bundle&&(e.stop=e.bundle.default(e.component,this.appRoot))}drop(e,t){this.slots.delete(e),t.stop(),t.element.remove()}touch(){this.element.classList.add("touched"),clearTimeout(this.resting),this.resting=window.setTimeout(()=>this.element.classList.remove("touched"),j)}release(e){let t=e.composedPath()[0];!this.single&&t.matches("input[type=range], button, canvas.plot")&&t.blur()}key(e){let a={PageDown:1,PageUp:-1,...e.composedPath()[0].matches("input, select, textarea, canvas, [tabindex]:not(.deck)")?{}:{ArrowRight:1,ArrowLeft:-1}}[e.key];return a===void 0?!1:(this.go(this.at+a),this.element.focus({preventScroll:!0}),!0)}dispose(){clearTimeout(this.resting),clearTimeout(this.preparing),this.notes.dispose(),this.presenter?.dispose();for(let[e,t]of this.slots)this.drop(e,t);this.element.remove()}},w=r=>r.flatMap(({source:e,caption:t,notes:i})=>e?[{...e,caption:t,notes:i??""}]:[]),d=r=>JSON.stringify([r.entry,r.data]);function A(r){let e=new WeakMap;return(t,i)=>{let n=t.parentElement,a=e.get(n);if(!a){let l={component:t};l.page=r(n,i,()=>l.component),e.set(n,a=l)}return a.component=t,a.page.update(t.data),()=>{e.get(n)?.page.dispose(),e.delete(n)}}}var V=r=>import(new URL(`${r}.js`,import.meta.url).href),Ee=A((r,e,t)=>new v(r,V,e,(i,n)=>t().setTriggerValue(i,n)));export{Ee as default};
