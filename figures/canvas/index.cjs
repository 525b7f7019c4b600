'use strict';
// chartjs-node-canvas asks for node-canvas, whose install compiles or downloads. @napi-rs/canvas ships its binaries in the
// registry and speaks node-canvas's dialect for PNG; SVG needs the two lines below. Text becomes paths: no font is needed to read it.
const napi = require('@napi-rs/canvas');
const compatible = require('@napi-rs/canvas/node-canvas.js');

module.exports = {
  ...compatible,
  createCanvas(width, height, type) {
    if (type !== 'svg') return compatible.createCanvas(width, height, type);
    const canvas = napi.createCanvas(width, height, napi.SvgExportFlag.ConvertTextToPaths);
    return Object.assign(canvas, { toBuffer: () => canvas.getContent() });
  },
};
