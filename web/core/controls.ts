import { short } from '../../src/numeric/short-number.js';

interface Described {
  /** In words, as a label. */
  readonly label: string;
  /** One sentence on what it does, read aloud after the label. */
  readonly help: string;
}

/** A number on a slider. `scale` log: the slider moves by ratios. */
export interface NumberControl extends Described {
  readonly kind: 'number';
  /** As the paper writes it; the label does without where there is none. */
  readonly symbol?: string;
  readonly min: number;
  readonly max: number;
  readonly scale: 'linear' | 'log';
  /** Integers only. */
  readonly isInteger?: boolean;
  readonly initial: number;
}

/** One of a few named values. */
export interface ChoiceControl<Value extends string = string> extends Described {
  readonly kind: 'choice';
  /** What each value is called. */
  readonly options: Readonly<Record<Value, string>>;
  readonly initial: Value;
}

export type Control = NumberControl | ChoiceControl;
/** The controls of a view by their names in its address, which are the options of the command line where there are such. */
export type ViewControls = Readonly<Record<string, Control>>;

export type Settings<C extends ViewControls> = {
  readonly [Name in keyof C]: C[Name] extends NumberControl
    ? number
    : C[Name] extends { readonly kind: 'choice'; readonly options: infer Options }
      ? keyof Options & string
      : never;
};

/** Settings with words on what could not be taken. */
export interface ReadSettings<C extends ViewControls> {
  readonly settings: Settings<C>;
  readonly said: readonly string[];
}

const shownText = (text: string): string => `'${text.length > 24 ? `${text.slice(0, 24)}…` : text}'`;

/** The settings of an address. What is not legal there is as at first, and said. */
export function readSettings<C extends ViewControls>(controls: C, address: URLSearchParams): ReadSettings<C> {
  const said: string[] = [];
  const entries = Object.entries(controls).map(([name, control]) => {
    const text = address.get(name);
    if (text === null) return [name, control.initial];
    const value = legalValue(control, text);
    if (value === undefined)
      said.push(`${name} = ${shownText(text)} is not ${legalOf(control)}: ${control.initial} is shown`);
    return [name, value ?? control.initial];
  });
  const unknown = [...new Set(address.keys())].filter((name) => !Object.hasOwn(controls, name));
  if (unknown.length > 0)
    said.push(`${unknown.slice(0, 5).map(shownText).join(', ')} is no setting here and changes nothing`);
  return { settings: Object.fromEntries(entries) as Settings<C>, said };
}

/** The value that a text means, undefined where it is not legal. */
export function legalValue(control: Control, text: string): number | string | undefined {
  if (control.kind === 'choice') return Object.hasOwn(control.options, text) ? text : undefined;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? Number(text) : NaN;
  const { min, max, isInteger = false } = control;
  return value >= min && value <= max && (!isInteger || Number.isInteger(value)) ? value : undefined;
}

/** What is legal, in words. */
export function legalOf(control: Control): string {
  if (control.kind === 'choice') return `one of ${Object.keys(control.options).join(', ')}`;
  const { isInteger = false, min, max } = control;
  return `${isInteger ? 'an integer' : 'a number'} from ${short(min)} to ${short(max)}`;
}

/** The settings as a part of an address, without those that are as at first. */
export function settingsText<C extends ViewControls>(controls: C, settings: Settings<C>): string {
  const changed = Object.entries(controls).filter(([name, { initial }]) => settings[name] !== initial);
  return new URLSearchParams(changed.map(([name]) => [name, String(settings[name])])).toString();
}
