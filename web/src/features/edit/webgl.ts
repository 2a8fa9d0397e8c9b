// A recipe applied by the graphics processor: one pass, the tables in a texture of 256 by 3.
import type { Recipe } from "./recipe";

const vertex = `#version 300 es
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  gl_Position = vec4(corner, 0.0, 1.0);
}`;

const fragment = `#version 300 es
precision highp float;
precision highp int;
uniform sampler2D picture, tables;
uniform vec2 size, reach;
uniform mat3 mixing;
uniform bvec4 stages;
out vec4 colour;

vec3 looked(vec3 value, int row) {
  ivec3 at = ivec3(value + 0.5);
  return floor(255.0 * vec3(
    texelFetch(tables, ivec2(at.r, row), 0).r,
    texelFetch(tables, ivec2(at.g, row), 0).g,
    texelFetch(tables, ivec2(at.b, row), 0).b) + 0.5);
}

void main() {
  vec2 at = vec2(gl_FragCoord.x, size.y - gl_FragCoord.y);
  vec3 value = floor(255.0 * texelFetch(picture, ivec2(at), 0).rgb + 0.5);
  if (stages.x) value = looked(value, 0);
  if (stages.y) value = clamp(floor(mixing * value + 0.5), 0.0, 255.0);
  if (stages.w) {
    vec2 from = (2.0 * at - size) / size;
    float t = clamp((length(from) - reach.x) / (reach.y - reach.x), 0.0, 1.0);
    float share = floor(255.0 * t * t * (3.0 - 2.0 * t) + 0.5);
    value = floor((share * looked(value, 2) + (255.0 - share) * looked(value, 1) + 128.5) / 255.0);
  } else if (stages.z) value = looked(value, 1);
  colour = vec4(value / 255.0, 1.0);
}`;

/** The toner of one canvas; null where there is no WebGL 2 or it does not work. */
export function toner(canvas: OffscreenCanvas) {
  const gl = canvas.getContext("webgl2", { alpha: false, antialias: false, depth: false });
  if (!gl) return null;
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) return null;
  // biome-ignore lint/correctness/useHookAtTopLevel: of WebGL, not of React
  gl.useProgram(program);
  const place = (name: string) => gl.getUniformLocation(program, name);
  const places = { size: place("size"), reach: place("reach"), mixing: place("mixing"), stages: place("stages") };
  const most = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
  texture(gl, 0);
  texture(gl, 1);
  gl.uniform1i(place("picture"), 0);
  gl.uniform1i(place("tables"), 1);
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);

  /** Draws the toned picture on the canvas; false where it is too large or the context was lost. */
  return (picture: OffscreenCanvas | ImageBitmap, recipe: Recipe): boolean => {
    const { width, height } = picture;
    if (gl.isContextLost() || Math.max(width, height) > most) return false;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    gl.viewport(0, 0, width, height);
    gl.activeTexture(gl.TEXTURE0);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE, picture);
    gl.activeTexture(gl.TEXTURE1);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA8, 256, 3, 0, gl.RGBA, gl.UNSIGNED_BYTE, mixed(recipe));
    gl.uniform2f(places.size, width, height);
    gl.uniform2f(places.reach, recipe.inner, recipe.outer);
    gl.uniformMatrix3fv(places.mixing, true, recipe.matrix ?? [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const { adjust, matrix, centre, edge } = recipe;
    gl.uniform4i(places.stages, adjust ? 1 : 0, matrix ? 1 : 0, centre ? 1 : 0, edge ? 1 : 0);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
    return gl.getError() === gl.NO_ERROR;
  };
}

function texture(gl: WebGL2RenderingContext, unit: number): void {
  gl.activeTexture(gl.TEXTURE0 + unit);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  for (const name of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) gl.texParameteri(gl.TEXTURE_2D, name, gl.NEAREST);
  for (const name of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) gl.texParameteri(gl.TEXTURE_2D, name, gl.CLAMP_TO_EDGE);
}

/** The tables as a picture of 256 by 3: one row each for adjust, centre and edge. */
function mixed({ adjust, centre, edge }: Recipe): Uint8Array {
  const rows = new Uint8Array(256 * 3 * 4);
  [adjust, centre, edge].forEach((tables, row) => {
    if (!tables) return;
    for (let level = 0; level < 256; level++)
      for (let channel = 0; channel < 3; channel++)
        rows[(row * 256 + level) * 4 + channel] = tables[channel * 256 + level] as number;
  });
  return rows;
}
