/** Points with WebGL2: one draw call for a sample while the view moves, everything in slices when it rests. */
import { dotStyle, type DotStyle, type PointLayer, type Scene } from "./layer";
import { createResources, positions, upload, type Resources } from "./resources";
import type { PointStore } from "./store";

const LUT_WIDTH = 256;
const FIRST_SLICE = 50_000;

export class GlPoints implements PointLayer {
  readonly budget = 40_000;
  private readonly gl: WebGL2RenderingContext;
  private res: Resources | null = null;
  private count = 0;
  private selectedCount = -1; // -1: nothing is selected
  private density = 0;
  private done = 0;
  private slice = FIRST_SLICE;
  private fence: WebGLSync | null = null;
  private store: PointStore | null = null;
  private ranks: Uint32Array | null = null;
  private readonly style: DotStyle = { size: 1, alpha: 1, outline: 0 };

  /** Null where the browser has no WebGL2. `onRestored` is called when a lost context is back. */
  static create(canvas: HTMLCanvasElement, onRestored: () => void): GlPoints | null {
    const gl = canvas.getContext("webgl2", {
      antialias: false,
      depth: false,
      stencil: false,
      premultipliedAlpha: true,
      preserveDrawingBuffer: false,
    });
    return gl ? new GlPoints(canvas, gl, onRestored) : null;
  }

  private constructor(
    readonly canvas: HTMLCanvasElement,
    gl: WebGL2RenderingContext,
    private readonly onRestored: () => void,
  ) {
    this.gl = gl;
    this.res = createResources(gl);
    canvas.addEventListener("webglcontextlost", this.lost);
    canvas.addEventListener("webglcontextrestored", this.restored);
  }

  private readonly lost = (event: Event): void => {
    event.preventDefault(); // without this the browser never restores it
    this.res = null;
    this.fence = null;
  };

  private readonly restored = (): void => {
    this.res = createResources(this.gl);
    this.resizePicture();
    if (this.store) {
      this.loadPositions(this.store);
      this.loadSlots(this.store);
      this.loadColours(this.store);
    }
    this.loadSelection(this.ranks);
    this.onRestored();
  };

  resize(width: number, height: number, ratio: number): void {
    const w = Math.max(1, Math.round(width * ratio));
    const h = Math.max(1, Math.round(height * ratio));
    if (this.canvas.width === w && this.canvas.height === h) return;
    this.canvas.width = w;
    this.canvas.height = h;
    this.resizePicture();
  }

  private resizePicture(): void {
    const { gl, res } = this;
    if (!res) return;
    gl.bindRenderbuffer(gl.RENDERBUFFER, res.picture);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, this.canvas.width, this.canvas.height);
  }

  loadPositions(store: PointStore): void {
    this.store = store;
    this.count = store.count;
    const { gl, res } = this;
    if (!res) return;
    gl.bindVertexArray(res.array);
    const still = store.from === store.to;
    upload(gl, res.to, store.to);
    if (!still) upload(gl, res.from, store.from);
    positions(gl, 0, still ? res.to : res.from);
    positions(gl, 1, res.to);
  }

  loadSlots(store: PointStore): void {
    this.store = store;
    const { gl, res } = this;
    if (!res) return;
    gl.bindVertexArray(res.array);
    upload(gl, res.slots, store.packedSlots);
    gl.enableVertexAttribArray(2);
    gl.vertexAttribIPointer(2, 1, gl.UNSIGNED_SHORT, 0, 0);
  }

  loadColours(store: PointStore): void {
    this.store = store;
    const { gl, res } = this;
    if (!res) return;
    const rows = Math.ceil(store.lut.length / 4 / LUT_WIDTH);
    const texels = new Uint8Array(LUT_WIDTH * rows * 4);
    texels.set(store.lut);
    gl.bindTexture(gl.TEXTURE_2D, res.lut);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, LUT_WIDTH, rows, 0, gl.RGBA, gl.UNSIGNED_BYTE, texels);
  }

  loadSelection(ranks: Uint32Array | null): void {
    this.ranks = ranks;
    this.selectedCount = ranks ? ranks.length : -1;
    const { gl, res } = this;
    if (!res || !ranks) return;
    gl.bindVertexArray(res.array);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, res.selected);
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, ranks, gl.DYNAMIC_DRAW);
  }

  draw(scene: Scene, limit: number): void {
    this.stop();
    const { gl, res } = this;
    if (!res) return;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    this.prepare(res, scene);
    gl.clear(gl.COLOR_BUFFER_BIT);
    const n = Math.min(limit, this.count);
    if (n === 0) return;
    this.setStyle(res, scene, n / this.count, this.selectedCount >= 0);
    gl.drawArrays(gl.POINTS, 0, n);
    if (this.selectedCount > 0) {
      this.setStyle(res, scene, n / this.count, false);
      gl.drawElements(gl.POINTS, Math.min(limit, this.selectedCount), gl.UNSIGNED_INT, 0);
    }
  }

  begin(scene: Scene): void {
    this.stop();
    const { gl, res } = this;
    if (!res) return;
    this.done = 0;
    this.slice = FIRST_SLICE;
    gl.bindFramebuffer(gl.FRAMEBUFFER, res.frame);
    this.prepare(res, scene);
    gl.clear(gl.COLOR_BUFFER_BIT);
  }

  advance(scene: Scene): boolean {
    const { gl, res } = this;
    if (!res) return true;
    if (this.fence) {
      // Wait for the last slice instead of piling up work; grow the slice while the GPU keeps up.
      const signalled = gl.getSyncParameter(this.fence, gl.SYNC_STATUS) === gl.SIGNALED;
      if (!signalled) {
        this.slice = Math.max(FIRST_SLICE, this.slice >> 1);
        return false;
      }
      gl.deleteSync(this.fence);
      this.fence = null;
      this.slice *= 2;
    }
    gl.bindFramebuffer(gl.FRAMEBUFFER, res.frame);
    this.prepare(res, scene);
    this.drawSlice(res, scene);
    if (this.done < this.count + Math.max(0, this.selectedCount)) {
      this.fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
      gl.flush();
      return false;
    }
    const { width, height } = this.canvas;
    gl.bindFramebuffer(gl.READ_FRAMEBUFFER, res.frame);
    gl.bindFramebuffer(gl.DRAW_FRAMEBUFFER, null);
    gl.blitFramebuffer(0, 0, width, height, 0, 0, width, height, gl.COLOR_BUFFER_BIT, gl.NEAREST);
    return true;
  }

  private drawSlice(res: Resources, scene: Scene): void {
    const { gl } = this;
    if (this.done < this.count) {
      const n = Math.min(this.slice, this.count - this.done);
      this.setStyle(res, scene, 1, this.selectedCount >= 0);
      gl.drawArrays(gl.POINTS, this.done, n);
      this.done += n;
      return;
    }
    const first = this.done - this.count;
    const n = Math.min(this.slice, this.selectedCount - first);
    if (n <= 0) return;
    this.setStyle(res, scene, 1, false);
    gl.drawElements(gl.POINTS, n, gl.UNSIGNED_INT, 4 * first);
    this.done += n;
  }

  destroy(): void {
    this.stop();
    this.canvas.removeEventListener("webglcontextlost", this.lost);
    this.canvas.removeEventListener("webglcontextrestored", this.restored);
    // A page may hold only a few contexts: give this one back now, not when it is collected.
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
    this.res = null;
  }

  private stop(): void {
    if (this.fence) this.gl.deleteSync(this.fence);
    this.fence = null;
  }

  private prepare(res: Resources, scene: Scene): void {
    const { gl } = this;
    const { view, width, height, background: b, muted: m } = scene;
    const u = res.uniforms;
    this.density = (this.store?.density ?? 0) / (view.scale * view.scale);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    gl.clearColor(0, 0, 0, 0);
    gl.useProgram(res.program);
    gl.bindVertexArray(res.array);
    gl.bindTexture(gl.TEXTURE_2D, res.lut);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.uniform1i(u.u_lut, 0);
    gl.uniform2f(u.u_centre, view.cx, view.cy);
    gl.uniform2f(u.u_scale, (2 * view.scale) / width, (2 * view.scale) / height);
    gl.uniform1f(u.u_mix, scene.mix);
    gl.uniform3f(u.u_edge, b[0] / 255, b[1] / 255, b[2] / 255);
    gl.uniform4f(u.u_fade, m[0] / 255, m[1] / 255, m[2] / 255, 0);
  }

  /** `share` is the part of the points that is drawn, `faded` whether they stand behind a selection. */
  private setStyle(res: Resources, scene: Scene, share: number, faded: boolean): void {
    const { gl } = this;
    const u = res.uniforms;
    const m = scene.muted;
    const style = dotStyle(this.density * share, this.style);
    gl.uniform1f(u.u_size, style.size * scene.ratio);
    gl.uniform1f(u.u_alpha, faded ? style.alpha * 0.35 : style.alpha);
    gl.uniform1f(u.u_outline, faded ? 0 : style.outline * scene.ratio);
    gl.uniform4f(u.u_fade, m[0] / 255, m[1] / 255, m[2] / 255, faded ? 0.8 : 0);
  }
}
