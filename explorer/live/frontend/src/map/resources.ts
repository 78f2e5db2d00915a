/** What the WebGL2 points hold on the GPU. All of it is made again when a lost context comes back. */
import { fragmentShader, vertexShader } from "./shaders";

type Uniforms = Record<
  "u_centre" | "u_scale" | "u_mix" | "u_size" | "u_alpha" | "u_outline" | "u_edge" | "u_fade" | "u_lut",
  WebGLUniformLocation | null
>;

export interface Resources {
  program: WebGLProgram;
  uniforms: Uniforms;
  array: WebGLVertexArrayObject;
  from: WebGLBuffer;
  to: WebGLBuffer;
  slots: WebGLBuffer;
  selected: WebGLBuffer;
  lut: WebGLTexture;
  frame: WebGLFramebuffer;
  picture: WebGLRenderbuffer;
}

export function createResources(gl: WebGL2RenderingContext): Resources | null {
  if (gl.isContextLost()) return null;
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertexShader],
    [gl.FRAGMENT_SHADER, fragmentShader],
  ] as const) {
    const shader = gl.createShader(kind)!;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`the map's shaders did not link: ${gl.getProgramInfoLog(program) ?? ""}`);
  }
  const at = (name: keyof Uniforms): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
  const res: Resources = {
    program,
    uniforms: {
      u_centre: at("u_centre"),
      u_scale: at("u_scale"),
      u_mix: at("u_mix"),
      u_size: at("u_size"),
      u_alpha: at("u_alpha"),
      u_outline: at("u_outline"),
      u_edge: at("u_edge"),
      u_fade: at("u_fade"),
      u_lut: at("u_lut"),
    },
    array: gl.createVertexArray()!,
    from: gl.createBuffer()!,
    to: gl.createBuffer()!,
    slots: gl.createBuffer()!,
    selected: gl.createBuffer()!,
    lut: gl.createTexture()!,
    frame: gl.createFramebuffer()!,
    picture: gl.createRenderbuffer()!,
  };
  gl.bindTexture(gl.TEXTURE_2D, res.lut);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  gl.bindRenderbuffer(gl.RENDERBUFFER, res.picture);
  gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, gl.canvas.width, gl.canvas.height);
  gl.bindFramebuffer(gl.FRAMEBUFFER, res.frame);
  gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, res.picture);
  gl.bindFramebuffer(gl.FRAMEBUFFER, null);
  return res;
}

export function upload(gl: WebGL2RenderingContext, buffer: WebGLBuffer, data: AllowSharedBufferSource): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
}

export function positions(gl: WebGL2RenderingContext, location: number, buffer: WebGLBuffer): void {
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.enableVertexAttribArray(location);
  gl.vertexAttribPointer(location, 2, gl.FLOAT, false, 0, 0);
}
