import { shownText } from './core/controls.js';
import { element } from './core/element.js';
import { openView, type OpenView } from './core/open-view.js';
import { views, type ViewEntry } from './views.js';

const main = document.querySelector('main')!;
const nav = document.querySelector('nav')!;
nav.append(...views.map(({ id, name }) => element('a', { href: `#/${id}` }, name)));

let open: { readonly id: string; readonly view: OpenView } | undefined;
let asked = 0;

/** `#/model?classes=10`: the view, and its settings. */
function addressOf(hash: string): { readonly id: string; readonly settings: URLSearchParams } {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  return { id: path, settings: new URLSearchParams(query) };
}

/** Shows what the address says; an unknown view is the first, and said. */
async function show(): Promise<void> {
  const { id, settings } = addressOf(location.hash);
  const entry = views.find((one) => one.id === id) ?? views[0]!;
  const said = id === '' || id === entry.id ? [] : [`there is no view ${shownText(id)} here: this is the first`];
  if (open?.id === entry.id) {
    open.view.goTo(settings, said);
    return;
  }
  const own = ++asked;
  open?.view.leave();
  open = undefined;
  const view = await entry.load().catch((error: unknown) => {
    main.replaceChildren(
      element('p', { role: 'alert' }, `this view could not be loaded: ${String(error)}; reload the page`),
    );
    return undefined;
  });
  if (view === undefined || own !== asked) return;
  document.title = `${view.title} · tiny-subspace`;
  for (const link of nav.querySelectorAll('a')) {
    if (link.hash === `#/${entry.id}`) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  main.replaceChildren();
  open = { id: entry.id, view: openView(main, view, settings, addressWriter(entry), said) };
}

/** Writes the settings to the address bar, not more often than browsers allow. */
function addressWriter({ id }: ViewEntry): (settings: string) => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return (settings) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (open?.id === id) history.replaceState(null, '', settings === '' ? `#/${id}` : `#/${id}?${settings}`);
    }, 200);
  };
}

document.querySelector('button.theme')!.addEventListener('click', () => {
  const root = document.documentElement;
  const isDark =
    root.style.colorScheme === ''
      ? matchMedia('(prefers-color-scheme: dark)').matches
      : root.style.colorScheme === 'dark';
  root.style.colorScheme = isDark ? 'light' : 'dark';
});
document.querySelector('a.skip')!.addEventListener('click', (event) => {
  event.preventDefault(); // the hash is the address of a view
  main.focus();
});
addEventListener('hashchange', () => void show());
await show();
