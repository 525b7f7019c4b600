import type { SKRSContext2D } from '@napi-rs/canvas';
import { fontFamily, palette } from './style.js';

export interface TextStyle {
  readonly size: number;
  readonly colour?: string;
  readonly align?: 'left' | 'right' | 'center';
}

interface Piece {
  readonly text: string;
  readonly sub: boolean;
}

/** `g_{bulk}` is g with a subscript. */
function piecesOf(text: string): Piece[] {
  return text.split(/_\{([^}]*)\}/).flatMap((piece, i) => (piece === '' ? [] : [{ text: piece, sub: i % 2 === 1 }]));
}

const fontOf = ({ sub }: Piece, size: number): string => `${sub ? 0.75 * size : size}px "${fontFamily}"`;

/** Width of a text with subscripts, in CSS pixels. */
export function textWidth(context: SKRSContext2D, text: string, size: number): number {
  context.save();
  const widths = piecesOf(text).map((piece) => {
    context.font = fontOf(piece, size);
    return context.measureText(piece.text).width;
  });
  context.restore();
  return widths.reduce((sum, width) => sum + width, 0);
}

/** Draws a text with subscripts, its middle at the height y, on a white halo so that curves do not cross it. */
export function drawText(
  context: SKRSContext2D,
  text: string,
  [x, y]: readonly [number, number],
  { size, colour = palette.ink, align = 'left' }: TextStyle,
): void {
  const start = x - { left: 0, center: 0.5, right: 1 }[align] * textWidth(context, text, size);
  context.save();
  context.textAlign = 'left';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 2.5;
  context.strokeStyle = 'white';
  context.fillStyle = colour;
  for (const draw of ['strokeText', 'fillText'] as const) {
    let at = start;
    for (const piece of piecesOf(text)) {
      context.font = fontOf(piece, size);
      context[draw](piece.text, at, piece.sub ? y + 0.28 * size : y);
      at += context.measureText(piece.text).width;
    }
  }
  context.restore();
}
