import type { ViewControls, ReadSettings, Settings } from './controls.js';

/** What a view draws on, while it is open. */
export interface Page<C extends ViewControls> {
  /** Empty at first; below title, question and controls. */
  readonly content: HTMLElement;
  readonly settings: () => Settings<C>;
  /** Changes settings from within the view: panel, address and view follow. */
  readonly change: (changed: Partial<Settings<C>>) => void;
  /** One sentence, read aloud: what has happened. An empty one takes it away. */
  readonly say: (text: string) => void;
  /** The same of what could not be taken or done, in the colour of a warning. */
  readonly warn: (text: string) => void;
  /** Raised when the view is left: workers and listeners end. */
  readonly left: AbortSignal;
}

/** A view: what it asks, its controls, and what it shows. */
export interface View<C extends ViewControls = ViewControls> {
  readonly title: string;
  /** What is shown and why, in a sentence or two that make sense without the paper. */
  readonly lead: string;
  readonly controls: C;
  /** Makes settings that do not fit each other fit, and says so; left out where all do. */
  readonly fit?: (settings: Settings<C>) => ReadSettings<C>;
  /** Fills the page, and returns what shows other settings: at most once a frame, the first time at once. */
  readonly open: (page: Page<C>) => (settings: Settings<C>) => void;
}

/** A view as it is written: the types of its settings follow from its controls. */
export const view = <const C extends ViewControls>(declared: View<C>): View => declared as unknown as View;
