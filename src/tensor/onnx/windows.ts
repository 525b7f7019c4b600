import { isCounted, type Shape } from '../autodiff/index.js';
import type { Call } from './call.js';

/** Where windows lie along one axis. */
export interface Windows {
  /** Entries of a window. */
  readonly kernel: number;
  readonly stride: number;
  readonly dilation: number;
  /** Entries put before and after the axis. */
  readonly before: number;
  readonly after: number;
}

/** The lengths of the axes behind samples and channels. Throws DataError for more than three of them. */
export function imageLengths(call: Call, shape: Shape): readonly number[] {
  const lengths = shape.slice(2);
  if (lengths.length >= 1 && lengths.length <= 3 && !lengths.some(isCounted)) return lengths as number[];
  return call.fail(`it takes samples of channels with one to three axes, received shape [${shape.join(', ')}]`);
}

/** The windows that the attributes of a node say, for each axis of an image in which they lie. */
export function windowsOf(
  call: Call,
  lengths: readonly number[],
  kernel: readonly number[],
  isWithin = true,
): readonly Windows[] {
  const rank = lengths.length;
  const ones = lengths.map(() => 1);
  const [strides, dilations] = [call.ints('strides') ?? ones, call.ints('dilations') ?? ones];
  const pads = call.ints('pads') ?? [...lengths, ...lengths].map(() => 0);
  const mode = call.text('auto_pad', 'NOTSET');
  if ([kernel, strides, dilations].some((list) => list.length !== rank) || pads.length !== 2 * rank) {
    call.fail(`its kernel, strides, dilations and pads do not fit an image of ${rank} axes`);
  }
  if ([...kernel, ...strides, ...dilations].some((each) => !(each >= 1)) || pads.some((zeros) => !(zeros >= 0))) {
    call.fail('kernel, strides and dilations are integers from 1, and pads from 0');
  }
  const windows = lengths.map((length, i) => {
    const one = { kernel: kernel[i]!, stride: strides[i]!, dilation: dilations[i]! };
    if (mode === 'VALID') return { ...one, before: 0, after: 0 };
    if (mode !== 'SAME_UPPER' && mode !== 'SAME_LOWER') return { ...one, before: pads[i]!, after: pads[i + rank]! };
    const total = Math.max(0, (Math.ceil(length / one.stride) - 1) * one.stride + reachOf(one) - length);
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return mode === 'SAME_UPPER' ? { ...one, before: less, after: more } : { ...one, before: more, after: less };
  });
  if (isWithin)
    windows.forEach((one, i) => {
      checkWindows(call, lengths[i]!, one);
    });
  return windows;
}

/** Entries of all windows along one axis: more is no network, and each may be a step of its own. */
const mostMeetings = 2 ** 23;

function checkWindows(call: Call, length: number, one: Windows): void {
  const count = Math.floor((length + one.before + one.after - reachOf(one)) / one.stride) + 1;
  if (!(count >= 1))
    call.fail(`a window of ${reachOf(one)} does not fit in an axis of length ${length} with its padding`);
  if (count * one.kernel > mostMeetings) {
    call.fail(
      `${count} windows of ${one.kernel} entries lie along an axis of length ${length}; at most ${mostMeetings} entries in all are legal`,
    );
  }
}

/** From the first entry of a window to its last. */
export const reachOf = ({ kernel, dilation }: Pick<Windows, 'kernel' | 'dilation'>): number =>
  dilation * (kernel - 1) + 1;

/** Two axes in the form of convolutions and pools. */
export const planeOptions = (vertical: Windows, horizontal: Windows) => ({
  stride: [vertical.stride, horizontal.stride] as const,
  dilation: [vertical.dilation, horizontal.dilation] as const,
  padding: [vertical.before, horizontal.before, vertical.after, horizontal.after] as const,
});

/** The windows of an axis of length 1 that an image of one axis gets besides. */
export const trivial: Windows = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };
