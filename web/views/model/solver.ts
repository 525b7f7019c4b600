import { task } from '../../core/task.js';
import type { BoundaryDocument } from '../../../src/studies/solve/boundary.js';
import type { SolveDocument } from '../../../src/studies/solve/solve-document.js';
import { alongOf } from './axis.js';
import { askedBoundary } from './commands.js';
import { flowRows, sketchPrecision, timeEnds, type FlowRow } from './flow-rows.js';
import type { Picture } from './picture.js';
import type { ModelSettings } from './settings.js';
import { pathKey, sgdRows, type SgdPlace } from './sgd-rows.js';
import type { ModelSgdReply, ModelSgdRequest } from './sgd.worker.js';
import type { ModelStateReply, ModelStateRequest } from './solve.worker.js';

/** How long settings rest before what takes longer than a frame is solved. */
const patience = 150; // ms
/** How long a picture waits for what the worker knows already. */
const quickest = 25; // ms

/** Who is told of what has been solved; nothing of earlier settings comes after `onSettings`. */
export interface SolverEvents {
  /** What has to be solved anew. */
  readonly onSettings: (missing: { readonly boundary: boolean | 'nowhere' }) => void;
  readonly onPicture: (picture: Picture) => void;
  readonly onState: (document: SolveDocument, command: string) => void;
  readonly onBoundary: (document: BoundaryDocument, command: string) => void;
  readonly onFailure: (reason: string) => void;
}

/** A value with the settings it depends on. */
interface Kept<T> {
  readonly key: string;
  readonly value: T;
}

/**
 * Solves the model for settings: curves as a sketch at once, and, once settings rest, the state that is pointed at, the boundary, fine curves and the noise
 * of SGD in two workers. What depends on fewer settings is kept while these stay.
 */
export function modelSolver(left: AbortSignal, events: SolverEvents): (settings: ModelSettings) => void {
  const stateTask = task<ModelStateRequest, ModelStateReply>(
    () => new Worker(new URL('./solve.worker.ts', import.meta.url), { type: 'module' }),
    left,
  );
  const noiseTask = task<ModelSgdRequest, ModelSgdReply>(
    () => new Worker(new URL('./sgd.worker.ts', import.meta.url), { type: 'module' }),
    left,
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  let quick: ReturnType<typeof setTimeout> | undefined;
  left.addEventListener('abort', () => {
    clearTimeout(timer);
    clearTimeout(quick);
  });
  let turn = 0;
  let picture: Picture | undefined;
  let curves: Kept<{ readonly rows: readonly FlowRow[]; readonly isSketch: boolean }> | undefined;
  let crossed: Kept<BoundaryDocument> | undefined;
  let path: Kept<readonly SgdPlace[]> | undefined;
  let noiseKey: string | undefined;
  /** The model of which the worker finds a takeover in a millisecond. */
  let takeoverModel: string | undefined;

  const show = (changed: Partial<Picture>): void => {
    clearTimeout(quick);
    picture = { ...picture!, ...changed };
    events.onPicture(picture);
  };
  const end = (failure: string | undefined): void => {
    if (failure !== undefined) events.onFailure(failure);
  };
  const solveState = (request: ModelStateRequest, key: string): void => {
    const own = turn;
    const take = (reply: ModelStateReply): void => {
      if (reply.kind === 'state') events.onState(reply.document, reply.command);
      else if (reply.kind === 'rows') {
        curves = { key, value: { rows: reply.rows, isSketch: false } };
        show(curves.value);
      } else if (crossed?.key !== reply.command) {
        crossed = { key: reply.command, value: reply.document };
        events.onBoundary(reply.document, reply.command);
        show({ boundary: reply.document });
      }
    };
    stateTask.run(
      request,
      (reply) => {
        if (own === turn) take(reply);
      },
      end,
    );
  };
  const solveNoise = ({ model, settings }: Picture, key: string, isMoving: boolean): void => {
    const ratio = settings['eta-over-b'];
    const take = (reply: ModelSgdReply): void => {
      if (reply.kind === 'takeover') {
        takeoverModel = JSON.stringify(model);
        show({ takeover: reply.takeover });
      } else if (reply.kind === 'overlaps') show({ sgdOverlaps: reply.overlaps });
      else {
        path = { key: reply.path, value: reply.places };
        show({ sgdRows: sgdRows(reply.places, model, ratio) });
      }
    };
    noiseTask.run(
      { model, ratio, knownPath: path?.key, isMoving },
      (reply) => {
        if (key === noiseKey) take(reply);
      },
      end,
    );
  };

  return (settings) => {
    turn++;
    clearTimeout(timer);
    clearTimeout(quick);
    const { classes, dim, noise, rho, against } = settings;
    const model = { classes, dim, noise, correlation: rho };
    const times = against === 'time' ? timeEnds(model, settings.times) : undefined;
    const key = JSON.stringify([model, times]);
    if (curves?.key !== key) {
      const rows = flowRows(model, times, sketchPrecision);
      curves = { key, value: { rows, isSketch: true } };
    }
    const { isSketch } = curves.value;
    const asked = askedBoundary(settings);
    const boundary = asked !== undefined && crossed?.key === asked.command ? crossed.value : undefined;
    const needsNoise = settings.sgd === 'on' && noise > 0;
    const nextNoiseKey = needsNoise ? JSON.stringify([model, settings['eta-over-b']]) : undefined;
    const isSameNoise = needsNoise && nextNoiseKey === noiseKey;
    const places = needsNoise && path?.key === pathKey(model) ? path.value : undefined;
    noiseKey = nextNoiseKey;
    const next: Picture = {
      settings,
      model,
      along: alongOf(settings, times),
      ...curves.value,
      boundary,
      sgdRows: isSameNoise ? picture?.sgdRows : places && sgdRows(places, model, settings['eta-over-b']),
      sgdOverlaps: isSameNoise ? picture?.sgdOverlaps : undefined,
      takeover: isSameNoise ? picture?.takeover : undefined,
    };
    picture = next;
    const isQuick = needsNoise && !isSameNoise && places !== undefined && takeoverModel === JSON.stringify(model);
    if (isQuick) solveNoise(next, nextNoiseKey!, true);
    // What comes within a frame is waited for, so that regimes do not flicker.
    if (isQuick)
      quick = setTimeout(() => {
        show({});
      }, quickest);
    else show({});
    events.onSettings({ boundary: asked === undefined ? 'nowhere' : boundary === undefined });
    if (!needsNoise) noiseTask.cancel();
    timer = setTimeout(() => {
      solveState({ settings, model, times, needsRows: isSketch }, key);
      if (needsNoise && picture?.sgdOverlaps === undefined) solveNoise(next, nextNoiseKey!, false);
    }, patience);
  };
}
