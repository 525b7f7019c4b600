import { short } from '../../src/numeric/short-number.js';
import {
  legalOf,
  legalValue,
  type ChoiceControl,
  type ViewControls,
  type NumberControl,
  type Settings,
} from './controls.js';
import { element } from './element.js';
import { sliderPlace, places, valueAt } from './slider-scale.js';

interface Panel<C extends ViewControls> {
  readonly root: HTMLElement;
  /** Shows other settings. */
  readonly show: (settings: Settings<C>) => void;
}

interface Field {
  readonly root: HTMLElement;
  readonly show: (value: number | string) => void;
}

/** Sliders, fields for exact numbers, and choices, each with its label and a sentence on what it does. */
export function controlPanel<C extends ViewControls>(
  controls: C,
  onChange: (name: keyof C & string, value: number | string) => void,
): Panel<C> {
  const fields = Object.entries(controls).map(([name, control]) => {
    const change = (value: number | string): void => {
      onChange(name, value);
    };
    return [
      name,
      control.kind === 'number' ? numberField(name, control, change) : choiceField(name, control, change),
    ] as const;
  });
  return {
    root: element(
      'section',
      { className: 'controls', 'aria-label': 'settings' },
      ...fields.map(([, { root }]) => root),
    ),
    show(settings) {
      for (const [name, field] of fields) field.show(settings[name]!);
    },
  };
}

/** A slider, and a field beside it that takes any number between its ends. */
function numberField(name: string, control: NumberControl, onChange: (value: number) => void): Field {
  const id = `control-${name}`;
  const label = control.symbol === undefined ? control.label : `${control.label} ${control.symbol}`;
  const slider = element('input', {
    type: 'range',
    id,
    min: '0',
    max: String(places),
    step: '1',
    'aria-describedby': `${id}-help`,
  });
  const exact = element('input', {
    type: 'text',
    inputMode: 'decimal',
    autocomplete: 'off',
    'aria-label': `${label}, exact value`,
  });
  const show = (value: number | string): void => {
    slider.value = String(sliderPlace(control, Number(value)));
    slider.setAttribute('aria-valuetext', short(Number(value)));
    exact.value = String(value);
    exact.setCustomValidity('');
  };
  slider.addEventListener('input', () => {
    onChange(valueAt(control, Number(slider.value)));
  });
  stepByKeys(slider, control, () => Number(exact.value), onChange);
  exact.addEventListener('change', () => {
    const value = legalValue(control, exact.value);
    exact.setCustomValidity(value === undefined ? `${label} must be ${legalOf(control)}` : '');
    if (value === undefined) exact.reportValidity();
    else onChange(value as number);
  });
  const root = element(
    'div',
    { className: 'control' },
    element('label', { htmlFor: id }, label),
    exact,
    slider,
    element('p', { id: `${id}-help`, className: 'help' }, control.help),
  );
  return { root, show };
}

/** Integers move one by one under the arrow keys, however fine or coarse the slider is. */
function stepByKeys(
  slider: HTMLInputElement,
  control: NumberControl,
  now: () => number,
  onChange: (value: number) => void,
): void {
  if (control.isInteger !== true) return;
  slider.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onChange(Math.min(control.max, Math.max(control.min, now() + step)));
  });
}

function choiceField(name: string, control: ChoiceControl, onChange: (value: string) => void): Field {
  const id = `control-${name}`;
  const options = Object.entries(control.options).map(([value, text]) => element('option', { value }, text));
  const select = element('select', { id, 'aria-describedby': `${id}-help` }, ...options);
  select.addEventListener('change', () => {
    onChange(select.value);
  });
  const root = element(
    'div',
    { className: 'control' },
    element('label', { htmlFor: id }, control.label),
    select,
    element('p', { id: `${id}-help`, className: 'help' }, control.help),
  );
  return {
    root,
    show(value) {
      select.value = String(value);
    },
  };
}
