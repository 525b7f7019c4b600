import type { Command } from 'commander';

/** A command as the root's help shows it; its options, its action and all that these use are loaded where it is run. */
export interface CommandEntry {
  readonly name: string;
  readonly description: string;
  /**
   * What becomes of the work when Ctrl-C, SIGTERM, SIGHUP or SIGQUIT stops it in order: the command ends at the next step, with its locks released and its
   * processes ended. Null where there is nothing to lose: the signal ends the process at once, as it does by default.
   */
  readonly stopped: string | null;
  /** With the signal that stops it. */
  readonly load: (signal: AbortSignal) => Promise<Command>;
}

const kept = 'what is finished is kept: the same command with the same --out goes on from there';
const anew = 'nothing is kept: the same command begins anew';
const drawn = 'the figures that are finished are kept';

/** The commands, in the order of the help. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'solve',
    description: 'the model solved exactly, at any noise: loss, gradient, spectrum and f_top(k) at any time or margin',
    stopped: null,
    load: async () => (await import('./solve.js')).solveCommand(),
  },
  {
    name: 'boundary',
    description: 'where the gradient leaves the top-k eigenspace: the margin, the time, and which level crosses',
    stopped: null,
    load: async () => (await import('./boundary.js')).boundaryCommand(),
  },
  {
    name: 'response',
    description: 'f_top(k) from a small random W(0) by linear response: the collapse and the window in which it lasts',
    stopped: null,
    load: async () => (await import('./response.js')).responseCommand(),
  },
  {
    name: 'derive',
    description:
      'symbolic expressions of gradient, Hessian, spectrum, flow or covariance, proved, as LaTeX, for mathjs or as Python',
    stopped: null,
    load: async () => (await import('./derive.js')).deriveCommand(),
  },
  {
    name: 'simulate',
    description: 'gradient descent in the model: exact, sampled, or confined to the top-k eigenspace or its complement',
    stopped: null,
    load: async () => (await import('./simulate.js')).simulateCommand(),
  },
  {
    name: 'verify',
    description:
      'check every theorem against the library, and refute the statements that are false; exit code 1 if any fails',
    stopped: anew,
    load: async (signal) => (await import('./verify.js')).verifyCommand(signal),
  },
  {
    name: 'theorems',
    description: 'every claim with its formula, assumptions and method, as a page or as an appendix of a paper',
    stopped: anew,
    load: async (signal) => (await import('./theorems.js')).theoremsCommand(signal),
  },
  {
    name: 'compare',
    description:
      'theory against the real pipeline: softmax networks trained on the model’s own data, held against the closed form; exit code 1 if they differ, or if the data do not reject theories that are a little off',
    stopped: anew,
    load: async (signal) => (await import('./compare.js')).compareCommand(signal),
  },
  {
    name: 'measure',
    description: 'train softmax regression by SGD and measure f_top, overlap(g,Hg) and the spectrum of the full loss',
    stopped: kept,
    load: async (signal) => (await import('./measure.js')).measureCommand(signal),
  },
  {
    name: 'train',
    description: 'train a network and measure gradient and Hessian of the full training loss on the way',
    stopped: kept,
    load: async (signal) => (await import('./train.js')).trainCommand(signal),
  },
  {
    name: 'spectrum',
    description:
      'the spectrum of the full training loss at the weights that a training run saved, or of a network of yours',
    stopped: anew,
    load: async (signal) => (await import('./spectrum.js')).spectrumCommand(signal),
  },
  {
    name: 'export',
    description: 'write a network with its weights as an ONNX file',
    stopped: anew,
    load: async (signal) => (await import('./export.js')).exportCommand(signal),
  },
  {
    name: 'figures',
    description: 'draw the figures: PNG, SVG, the CSV of exactly what is drawn, and a caption',
    stopped: drawn,
    load: async (signal) => (await import('./figures.js')).figuresCommand(signal),
  },
  {
    name: 'sweep',
    description:
      'a grid of runs of train, or of an exact command, on this machine, on Slurm or through a Redis queue, and their tables',
    stopped: kept,
    load: async (signal) => (await import('./sweep.js')).sweepCommand(signal),
  },
  {
    name: 'plot',
    description: 'draw the table of a sweep: means over seeds with error bars, in curves and panels, or a heat map',
    stopped: anew,
    load: async (signal) => (await import('./plot.js')).plotCommand(signal),
  },
  {
    name: 'explore',
    description: 'serve the page to this machine, with folders of runs and of sweeps opened in it, until Ctrl-C',
    stopped: 'the page is served no longer',
    load: async (signal) => (await import('./explore.js')).exploreCommand(signal),
  },
  {
    name: 'reproduce',
    description: "repeat the paper's experiments and write a page with its numbers beside ours",
    stopped: kept,
    load: async (signal) => (await import('./reproduce.js')).reproduceCommand(signal),
  },
  {
    name: 'worker',
    description: 'take runs from a queue in Redis and work on them, until Ctrl-C',
    stopped: 'its jobs went back to the queue, for another worker',
    load: async (signal) => (await import('./worker.js')).workerCommand(signal),
  },
  {
    name: 'demo',
    description: 'the whole story on the embedded default: solved, broken, proven, met by real digits, drawn',
    stopped: kept,
    load: async (signal) => (await import('./demo.js')).demoCommand(signal),
  },
];
