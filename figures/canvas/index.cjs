'use strict';
// chartjs-node-canvas asks for node-canvas, whose install compiles or downloads. @napi-rs/canvas ships its binaries in the
// registry and speaks node-canvas's dialect for PNG; the vector formats are added here: 'svg' with text as outlines, for which
// no font is needed to read it, 'svg-text' with text as text, and 'pdf', one page with its fonts embedded.
const napi = require('@napi-rs/canvas');
const compatible = require('@napi-rs/canvas/node-canvas.js');

const vector = {
  svg: (width, height) => svg(width, height, napi.SvgExportFlag.ConvertTextToPaths),
  'svg-text'(width, height) {
    // Any flag but the one above leaves text alone, and one must be given.
    const canvas = svg(width, height, napi.SvgExportFlag.RelativePathEncoding);
    const context = withoutHalos(canvas.getContext('2d'));
    return Object.assign(canvas, { getContext: () => context });
  },
  pdf,
};

function svg(width, height, flag) {
  const canvas = napi.createCanvas(width, height, flag);
  return Object.assign(canvas, { toBuffer: () => canvas.getContent() });
}

/** A page in points, 72 an inch: it is drawn on with 0.75 points for each CSS pixel. */
function pdf(width, height) {
  const file = new napi.PDFDocument({ creator: 'tiny-subspace' });
  const context = withoutHalos(file.beginPage(0.75 * width, 0.75 * height));
  const canvas = {
    width,
    height,
    getContext: () => context,
    toBuffer() {
      file.endPage();
      return file.close();
    },
  };
  Object.assign(context, { canvas });
  return canvas;
}

/** Where text is text, an outline around it would be a second copy of it, to be found, copied and edited. */
function withoutHalos(context) {
  return Object.assign(context, { strokeText: () => undefined });
}

module.exports = {
  ...compatible,
  createCanvas: (width, height, type) =>
    (vector[type] ?? ((w, h) => compatible.createCanvas(w, h, type)))(width, height),
};
