/** A point is a disc with an anti-aliased rim and, when it is large, a thin outline in the background colour. */

export const vertexShader = `#version 300 es
layout(location = 0) in vec2 a_from;
layout(location = 1) in vec2 a_to;
layout(location = 2) in uint a_slot;
uniform highp sampler2D u_lut;
uniform vec2 u_centre;
uniform vec2 u_scale;
uniform float u_mix;
uniform float u_size;
uniform float u_alpha;
uniform vec4 u_fade;
flat out vec4 v_colour;
void main() {
  vec4 colour = texelFetch(u_lut, ivec2(int(a_slot & 255u), int(a_slot >> 8)), 0);
  // Subtract before scaling: deep zooms keep their precision.
  vec2 p = (mix(a_from, a_to, u_mix) - u_centre) * u_scale;
  gl_Position = colour.a > 0.0 ? vec4(p, 0.0, 1.0) : vec4(2.0, 2.0, 2.0, 1.0);
  gl_PointSize = u_size + 1.0;
  v_colour = vec4(mix(colour.rgb, u_fade.rgb, u_fade.a), u_alpha);
}`;

export const fragmentShader = `#version 300 es
precision highp float;
uniform float u_size;
uniform float u_outline;
uniform vec3 u_edge;
flat in vec4 v_colour;
out vec4 o_colour;
void main() {
  float radius = 0.5 * u_size;
  float r = length(gl_PointCoord - 0.5) * (u_size + 1.0);
  float cover = clamp(radius + 0.5 - r, 0.0, 1.0);
  float rim = u_outline > 0.0 ? clamp(r - (radius - u_outline) + 0.5, 0.0, 1.0) * min(u_outline, 1.0) : 0.0;
  float alpha = v_colour.a * cover;
  o_colour = vec4(mix(v_colour.rgb, u_edge, rim) * alpha, alpha);
}`;
