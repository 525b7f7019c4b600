import type { BoundaryDocument, BoundarySettings } from '../../src/studies/solve/boundary.js';
import type { DrawsDocument } from '../../src/studies/solve/draws.js';
import type { ResponseDocument, ResponseSettings } from '../../src/studies/solve/response.js';
import type { SolveDocument } from '../../src/studies/solve/solve-document.js';
import type { SolveSettings } from '../../src/studies/solve/solve.js';
import { element } from './element.js';
import { task } from './task.js';

/** What commands print, by what is asked for: settings, and the document made of them. */
export interface Documents {
  readonly solve: { readonly settings: SolveSettings; readonly document: SolveDocument };
  readonly draws: { readonly settings: SolveSettings & { readonly draws: number }; readonly document: DrawsDocument };
  readonly boundary: { readonly settings: BoundarySettings; readonly document: BoundaryDocument };
  readonly response: { readonly settings: ResponseSettings; readonly document: ResponseDocument };
}

export type DocumentName = keyof Documents;

/** To the worker. */
export type DocumentRequest = {
  [Name in DocumentName]: { readonly name: Name; readonly settings: Documents[Name]['settings'] };
}[DocumentName];

/** A place on the page that shows a document of a command, computed in a worker; it is dimmed while another is on its way. */
export interface LiveDocument<Name extends DocumentName> {
  readonly root: HTMLElement;
  /** Shows the document of these settings, which `command` prints too. Nothing is done where it is the one asked for last. */
  readonly ask: (settings: Documents[Name]['settings'], command: string) => void;
  /** Shows something else, and leaves what is under way. */
  readonly clear: (...instead: readonly (Node | string)[]) => void;
}

export function liveDocument<Name extends DocumentName>(
  name: Name,
  { left, warn }: { readonly left: AbortSignal; readonly warn: (text: string) => void },
  render: (document: Documents[Name]['document'], command: string) => readonly (Node | string)[],
): LiveDocument<Name> {
  const create = (): Worker => new Worker(new URL('./documents.worker.ts', import.meta.url), { type: 'module' });
  const worker = task<DocumentRequest, Documents[Name]['document']>(create, left);
  const root = element('div', { className: 'live' });
  let asked = '';
  const isBusy = (busy: boolean): void => {
    root.ariaBusy = String(busy);
    root.style.opacity = busy ? '0.55' : '';
  };
  return {
    root,
    ask(settings, command) {
      if (command === asked) return;
      asked = command;
      isBusy(true);
      worker.run(
        { name, settings } as DocumentRequest,
        (document) => {
          root.replaceChildren(...render(document, command));
        },
        (failure) => {
          isBusy(false);
          if (failure === undefined) return;
          root.replaceChildren();
          warn(failure);
        },
      );
    },
    clear(...instead) {
      asked = '';
      worker.cancel();
      root.replaceChildren(...instead);
      isBusy(false);
    },
  };
}

/** Rows of a name, what it means, and the number itself. */
export function numberRows(
  ...rows: readonly (readonly [name: string, meaning: string, value: Node | string])[]
): HTMLElement {
  return element(
    'table',
    {},
    element(
      'tbody',
      {},
      ...rows.map(([name, meaning, value]) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, name),
          element('td', {}, value),
          element('td', { className: 'help' }, meaning),
        ),
      ),
    ),
  );
}
