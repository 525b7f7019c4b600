import { takeoversOf, type NoiseTakeover } from '../../../src/exact/noisy/noise-takeover.js';
import type { LineModel, NoisePath } from '../../../src/exact/noisy/index.js';
import { serveTask } from '../../core/serve-task.js';
import { pathKey, sgdOverlap, takeoverPath, sgdPlaces, type SgdPlace } from './sgd-rows.js';

export interface ModelSgdRequest {
  readonly model: LineModel;
  readonly ratio: number;
  /** The path that is known to who asks. */
  readonly knownPath: string | undefined;
  /** Only what is quick is wanted. */
  readonly isMoving: boolean;
}

export type ModelSgdReply =
  | { readonly kind: 'places'; readonly path: string; readonly places: readonly SgdPlace[] }
  | { readonly kind: 'takeover'; readonly takeover: NoiseTakeover }
  | { readonly kind: 'overlaps'; readonly overlaps: readonly SgdOverlap[] };

export interface SgdOverlap {
  readonly share: number;
  readonly time: number;
  readonly overlap: number;
}

/** Places from one to the next at which the overlap is found, which costs a millisecond: a rough curve, then a smooth one. */
const strides = [8, 2];

let known: { readonly key: string; readonly path: NoisePath; readonly places: readonly SgdPlace[] } | undefined;
let takeovers: { readonly key: string; readonly at: (ratio: number) => NoiseTakeover } | undefined;

serveTask<ModelSgdRequest, ModelSgdReply>(function* ({ model, ratio, knownPath, isMoving }) {
  yield undefined;
  const key = pathKey(model);
  if (known?.key !== key) {
    const path = takeoverPath(model);
    yield undefined;
    known = { key, path, places: sgdPlaces(model, path) };
  }
  const { path, places } = known;
  if (knownPath !== key) yield { kind: 'places', path: key, places };
  const own = `${key},${model.dim}`;
  if (takeovers?.key !== own) takeovers = { key: own, at: takeoversOf(model, path) };
  yield { kind: 'takeover', takeover: takeovers.at(ratio) };
  if (isMoving) return;
  for (const stride of strides) {
    const overlaps: SgdOverlap[] = [];
    for (const [i, place] of places.entries()) {
      if (i % stride !== 0) continue;
      overlaps.push({ share: place.share, time: place.time, overlap: sgdOverlap(place, model, ratio) });
      yield undefined;
    }
    yield { kind: 'overlaps', overlaps };
  }
});
