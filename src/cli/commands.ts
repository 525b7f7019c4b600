import type { Command } from 'commander';

/** A command as the root's help shows it; its options, its action and all that these use are loaded where it is run. */
export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  readonly load: () => Promise<Command>;
}

/** The commands, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'solve',
    description: 'the model solved exactly, at any noise: loss, gradient, spectrum and f_top(k) at any time or margin',
    load: async () => (await import('./solve.js')).solveCommand(),
  },
  {
    name: 'boundary',
    description: 'where the gradient leaves the top-k eigenspace: the margin, the time, and which level crosses',
    load: async () => (await import('./boundary.js')).boundaryCommand(),
  },
  {
    name: 'response',
    description: 'f_top(k) from a small random W(0) by linear response: the collapse and the window in which it lasts',
    load: async () => (await import('./response.js')).responseCommand(),
  },
  {
    name: 'simulate',
    description: 'gradient descent in the model: exact, sampled, or confined to the top-k eigenspace or its complement',
    load: async () => (await import('./simulate.js')).simulateCommand(),
  },
  {
    name: 'verify',
    description:
      'check every theorem against the library, and refute the statements that are false; exit code 1 if any fails',
    load: async () => (await import('./verify.js')).verifyCommand(),
  },
  {
    name: 'compare',
    description:
      'theory against the real pipeline: softmax networks trained on the model’s own data, held against the closed form; exit code 1 if they differ, or if the data do not reject theories that are a little off',
    load: async () => (await import('./compare.js')).compareCommand(),
  },
  {
    name: 'measure',
    description: 'train softmax regression by SGD and measure f_top, overlap(g,Hg) and the spectrum of the full loss',
    load: async () => (await import('./measure.js')).measureCommand(),
  },
  {
    name: 'train',
    description: 'train a network and measure gradient and Hessian of the full training loss on the way',
    load: async () => (await import('./train.js')).trainCommand(),
  },
  {
    name: 'spectrum',
    description: 'the spectrum of the full training loss at the weights that a training run saved',
    load: async () => (await import('./spectrum.js')).spectrumCommand(),
  },
  {
    name: 'figures',
    description: 'draw the figures: PNG, SVG, the CSV of exactly what is drawn, and a caption',
    load: async () => (await import('./figures.js')).figuresCommand(),
  },
  {
    name: 'reproduce',
    description: "repeat the paper's experiments and write a page with its numbers beside ours",
    load: async () => (await import('./reproduce.js')).reproduceCommand(),
  },
  {
    name: 'demo',
    description: 'the whole story on the embedded default: solved, broken, proven, met by real digits, drawn',
    load: async () => (await import('./demo.js')).demoCommand(),
  },
];
