import type { TrainingFacts } from './network-data.js';
import { palette, type CurveStyle } from './style.js';

/** One time of a run: what its record says, and what the window of updates that ends there does; null where that was not measured. */
export interface LifecyclePoint {
  readonly step: number;
  readonly accuracy: number;
  readonly testAccuracy: number;
  readonly sharpness: number;
  readonly topFraction: number | null;
  /** ‖P_m v₁‖². */
  readonly overlap: number | null;
  readonly gradientShare: number | null;
  readonly ratio: number | null;
  readonly signlessRatio: number | null;
  readonly secondGap: number | null;
  readonly drift: number | null;
  /** Of v₁, v₂, v₃ over that of a random direction. */
  readonly displacements: readonly number[] | null;
  /** Second difference along v₁, and along a random direction. */
  readonly curvature: number | null;
  readonly randomCurvature: number | null;
  /** Test accuracy without the directions, and without random ones. */
  readonly ablated: number | null;
  readonly randomAblated: number | null;
  /** Over how many coordinates the gradient is spread, and over how many samples its covariance. */
  readonly dimensions: { readonly coordinates: number; readonly samples: number | null } | null;
}

/** One run. */
export interface LifecycleRun {
  readonly name: string;
  /** The step at which the test accuracy is first 0.95 or more; null where it never is. */
  readonly grokked: number | null;
  readonly points: readonly LifecyclePoint[];
}

/** What spectralLifecycleFigure draws: runs beside each other. */
export interface LifecycleData {
  readonly network: TrainingFacts;
  readonly parameters: number;
  readonly window: number;
  readonly m: number;
  readonly runs: readonly LifecycleRun[];
}

type Value = (point: LifecyclePoint) => number | null | undefined;

interface Line {
  readonly label: string;
  readonly value: Value;
  readonly colour: string;
  readonly style?: CurveStyle;
}

/** A row of panels, the same of each run. */
export interface LifecycleRow {
  readonly axis: string;
  readonly title: string;
  readonly isLogarithmic: boolean;
  readonly share: number;
  readonly lines: readonly Line[];
  /** For the caption. */
  readonly says: (data: LifecycleData) => string;
}

const dashed = { dash: [4, 2], width: 1.2 } as const;
const dotted = { dash: [1.5, 1.5], width: 1.2 } as const;

/** From top to bottom; the last has the axis of steps below it. */
export const rows: readonly LifecycleRow[] = [
  {
    axis: 'accuracy',
    title: 'accuracy',
    isLogarithmic: false,
    share: 9,
    lines: [
      { label: 'training', value: ({ accuracy }) => accuracy, colour: palette.blue },
      { label: 'test', value: ({ testAccuracy }) => testAccuracy, colour: palette.ink, style: dashed },
    ],
    says: () => 'Accuracy.',
  },
  {
    axis: 'sharpness',
    title: 'ηλ₁',
    isLogarithmic: true,
    share: 6,
    lines: [{ label: 'ηλ₁', value: ({ sharpness }) => sharpness, colour: palette.green }],
    says: () => 'The learning rate times the largest Hessian eigenvalue.',
  },
  {
    axis: 'share',
    title: 'share',
    isLogarithmic: false,
    share: 9,
    lines: [
      { label: 'fₜₒₚ of g', value: ({ topFraction }) => topFraction, colour: palette.vermilion, style: { dots: 2 } },
      { label: '‖Pv₁‖²', value: ({ overlap }) => overlap, colour: palette.sky, style: { dots: 2, marker: 'triangle' } },
      { label: 'gradient', value: ({ gradientShare }) => gradientShare, colour: palette.ink, style: dashed },
    ],
    says: (data) =>
      `The shares of the full gradient and of v₁ in the top ${data.m} Hessian eigenvectors, and the share of the gradient, against weight decay, in the movement along v₁${overlapOf(data)}.`,
  },
  {
    axis: 'dimension',
    title: 'dimension',
    isLogarithmic: true,
    share: 8,
    lines: [
      {
        label: 'coordinates',
        value: ({ dimensions }) => dimensions?.coordinates,
        colour: palette.ink,
        style: { dots: 1.5 },
      },
      {
        label: 'samples',
        value: ({ dimensions }) => dimensions?.samples,
        colour: palette.blue,
        style: { ...dashed, dots: 1.5 },
      },
    ],
    says: () =>
      'Over how many coordinates the full gradient is spread, (Σg_i²)²/Σg_i⁴, and over how many dimensions the covariance C of samples’ gradients, (Tr C)²/Tr C².',
  },
  {
    axis: 'ratio',
    title: 'R',
    isLogarithmic: true,
    share: 7,
    lines: [
      { label: 'updates', value: ({ ratio }) => ratio, colour: palette.ink },
      { label: 'random signs', value: ({ signlessRatio }) => signlessRatio, colour: palette.grey, style: dashed },
    ],
    says: () => 'R = σ_{k*}/σ_{k*+1}, and that of the same updates with random signs.',
  },
  {
    axis: 'gap',
    title: 'θ², θ',
    isLogarithmic: true,
    share: 8,
    lines: [
      { label: 'g₂₃', value: ({ secondGap }) => secondGap, colour: palette.vermilion },
      { label: 'drift', value: ({ drift }) => drift, colour: palette.ink, style: dashed },
    ],
    says: () => 'g₂₃ = σ₂² − σ₃² and the length of the mean update.',
  },
  {
    axis: 'displacement',
    title: '‖Δh‖²/random',
    isLogarithmic: true,
    share: 9,
    lines: [
      { label: 'v₁', value: ({ displacements }) => displacements?.[0], colour: palette.vermilion },
      { label: 'v₂', value: ({ displacements }) => displacements?.[1], colour: palette.blue, style: dashed },
      { label: 'v₃', value: ({ displacements }) => displacements?.[2], colour: palette.green, style: dotted },
    ],
    says: () => 'How far scores move along each direction (ε = 0.005 ‖θ‖), over a random one.',
  },
  {
    axis: 'curvature',
    title: 'curvature',
    isLogarithmic: true,
    share: 8,
    lines: [
      { label: 'v₁', value: ({ curvature }) => curvature, colour: palette.vermilion, style: { dots: 1.5 } },
      {
        label: 'random',
        value: ({ randomCurvature }) => randomCurvature,
        colour: palette.grey,
        style: { ...dashed, dots: 1.5 },
      },
    ],
    says: () => 'Second differences of the training loss (ε = 0.001 ‖θ‖); negative ones are left out.',
  },
  {
    axis: 'y',
    title: 'ablated',
    isLogarithmic: false,
    share: 8,
    lines: [
      { label: 'v₁, v₂, v₃', value: ({ ablated }) => ablated, colour: palette.vermilion, style: { dots: 1.5 } },
      {
        label: 'random',
        value: ({ randomAblated }) => randomAblated,
        colour: palette.grey,
        style: { ...dashed, dots: 1.5 },
      },
    ],
    says: () => 'Test accuracy without the parts of θ along v₁, v₂ and v₃, and without three random directions.',
  },
];

/** How large the overlap, which lies on the axis, is at most. */
function overlapOf({ runs, m, parameters }: LifecycleData): string {
  const overlaps = runs.flatMap(({ points }) => points.flatMap(({ overlap }) => overlap ?? []));
  if (overlaps.length === 0) return '';
  return `; that of v₁ is estimated at ${Math.max(...overlaps).toPrecision(1)} or less, where a random direction of all parameters has ${(m / parameters).toPrecision(1)}`;
}
