import type { Figure } from '../../../../figures/figure.js';
import type { Job } from '../../../jobs/job.js';
import type { Finished } from '../../../jobs/result-store.js';
import type { Target } from './verdict.js';

/** 'full': the paper's settings. 'quick': the same code on fewer samples and steps, to see that it runs. */
export type Scale = 'full' | 'quick';

/** What finished tasks gave. */
export interface Results {
  /** Throws UsageError for a task that is not finished. */
  of<R>(task: Job<R>): Finished<R>;
}

/** Entries of a table cell or of a record: numbers are shown with three digits. */
export type Entries = Readonly<Record<string, string | number>>;

/** What was found for a claim. */
export interface Measurement {
  /** One value for each seed; the row shows their mean and standard deviation. None where there is nothing to be measured, as `reason` then says. */
  readonly values: readonly number[];
  /** What to show beside it, by the heading of its column. */
  readonly beside?: Entries;
  /** Why it is outside, as found by measurement, or what to keep in mind. */
  readonly reason?: string;
  /** With which settings, for people and programs: plain JSON. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** What a row has to say of another: that a theory accounts for it, or not. */
export interface Explains {
  /** What is held against the measurement; a null model where neither of the others covers the case. */
  readonly by: 'noise law' | 'exact model' | 'null model';
  /** What the row means where its number is not within its bound; where it is, the finding is explained. */
  readonly otherwise: 'not explained' | 'contradicted';
  /** What the theory predicts, and from what, in a sentence. */
  readonly says: string;
}

/** A later work, of which an experiment repeats a claim. */
export interface LaterWork {
  /** arXiv number: '2603.15678'. */
  readonly arxiv: string;
  /** Its title, or the short name that it is known by. */
  readonly name: string;
  /** What is measured, in a sentence: theirs where it is published; where it is not, ours, and it says so. */
  readonly definition: string;
  readonly isOurDefinition?: true;
  /** What they say, in a sentence. */
  readonly claim: string;
  /** Id of the claim that stands for the work in the table of all works. */
  readonly headline: string;
}

/** What a claim says. */
export interface Statement {
  /** `<experiment>-<what>`, of lower-case letters, digits and hyphens. */
  readonly id: string;
  /** A row's first cell: what is claimed, or what is varied. */
  readonly statement: string;
  readonly target: Target;
  /** A row that finds out what moves the value of another; it is judged, but not counted. */
  readonly variationOf?: string;
  /** A row that holds a theory against a measurement: it stands in the table of explanations too. */
  readonly explains?: Explains;
}

/** One number of the paper, or one statement with the number that it is judged by. */
export interface Claim extends Statement {
  readonly tasks: (scale: Scale) => readonly Job[];
  /** Called once all its tasks are finished, and depends on their results alone. */
  readonly measure: (results: Results, scale: Scale) => Measurement;
}

export interface ReproducedFigure {
  /** Name of its files; the figure that is drawn gets it. */
  readonly id: string;
  readonly tasks: (scale: Scale) => readonly Job[];
  /** What is drawn, plain JSON: it is kept beside the figure, which can be drawn again from it. */
  readonly data: (results: Results, scale: Scale) => unknown;
  /** Takes what `data` gave. */
  readonly draw: (data: unknown) => Figure;
}

/** What an experiment is: all that page, help and errors say of it. */
export interface About {
  /** Begins the ids of its claims, as in `--only`. */
  readonly id: string;
  readonly title: string;
  /** Where it is reported: 'Table 1', 'Fig. 1a,b'. */
  readonly source: string;
  /** The data that must be there; where they are not, the page says so. */
  readonly data: 'mnist' | 'cifar10' | null;
  /** What is done and how to read the table, in Markdown. */
  readonly about: string;
  /** The later work whose claim it repeats; left out for the paper itself. */
  readonly work?: LaterWork;
}

/** An experiment of the paper, or of a later one: a section of the page. Made by `experiment` (declare.ts). */
export interface Experiment extends About {
  readonly claims: readonly Claim[];
  readonly figures: readonly ReproducedFigure[];
}
