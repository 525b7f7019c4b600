import { controlPanel } from './control-panel.js';
import { readSettings, settingsText, type ReadSettings, type Settings, type ViewControls } from './controls.js';
import { element } from './element.js';
import type { View } from './view.js';

/** A view that is open. */
export interface OpenView {
  /** Takes over the settings of another address of the same view. */
  readonly goTo: (address: URLSearchParams, said?: readonly string[]) => void;
  readonly leave: () => void;
}

/** Fills `root` with a view. `onAddress` is called with the part of the address that holds its settings; `said` is what is to be said beside what these could not be. */
export function openView(
  root: HTMLElement,
  { title, lead, controls, fit = (settings) => ({ settings, said: [] }), open }: View,
  address: URLSearchParams,
  onAddress: (text: string) => void,
  said: readonly string[] = [],
): OpenView {
  const left = new AbortController();
  const status = element('p', { className: 'said', role: 'status' });
  const content = element('div', { className: 'content' });
  let settings: Settings<ViewControls>;
  let isOpen = false;
  let frame: number | undefined;

  const tell = (refused: string, text: string): void => {
    const told = [
      ...(refused === '' ? [] : [element('span', { className: 'refused' }, refused)]),
      ...(refused === '' || text === '' ? [] : ['. ']),
      ...(text === '' ? [] : [text]),
    ];
    status.replaceChildren(...told);
  };
  const say = (text: string): void => {
    tell('', text);
  };
  const warn = (text: string): void => {
    tell(text, '');
  };
  const draw = (): void => {
    frame = undefined;
    update(settings);
  };
  const take = (read: ReadSettings<ViewControls>): void => {
    const fitted = fit(read.settings);
    settings = fitted.settings;
    tell(read.said.join('. '), fitted.said.join('. '));
    panel.show(settings);
    if (isOpen) frame ??= requestAnimationFrame(draw);
  };
  const change = (changed: Partial<Settings<ViewControls>>): void => {
    take({ settings: { ...settings, ...changed } as Settings<ViewControls>, said: [] });
    onAddress(settingsText(controls, settings));
  };
  const panel = controlPanel(controls, (name, value) => {
    change({ [name]: value as never });
  });
  root.replaceChildren(
    element('h1', {}, title),
    element('p', { className: 'lead' }, lead),
    ...(Object.keys(controls).length === 0 ? [] : [panel.root]),
    status,
    content,
  );
  const goTo = (next: URLSearchParams, saidOf: readonly string[] = []): void => {
    const read = readSettings(controls, next);
    take({ ...read, said: [...saidOf, ...read.said] });
  };
  goTo(address, said);
  const update = open({ content, settings: () => settings, change, say, warn, left: left.signal });
  isOpen = true;
  draw();
  return {
    goTo,
    leave() {
      if (frame !== undefined) cancelAnimationFrame(frame);
      left.abort();
    },
  };
}
