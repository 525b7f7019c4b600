import type { View } from './core/view.js';

/** A view by its place in the address, and what the navigation calls it; its code is loaded when it is opened. */
export interface ViewEntry {
  readonly id: string;
  readonly name: string;
  readonly load: () => Promise<View>;
}

/** The views, in the order of the argument. */
export const views: readonly ViewEntry[] = [
  { id: 'model', name: 'The model', load: async () => (await import('./views/model/index.js')).modelView },
  { id: 'where', name: 'Where it holds', load: async () => (await import('./views/where/index.js')).whereView },
  { id: 'collapse', name: 'Collapse', load: async () => (await import('./views/collapse/index.js')).collapseView },
  { id: 'sgd', name: 'SGD, live', load: async () => (await import('./views/sgd/index.js')).sgdView },
  { id: 'runs', name: 'Your runs', load: async () => (await import('./views/runs/index.js')).runsView },
  { id: 'theorems', name: 'Theorems', load: async () => (await import('./views/theorems/index.js')).theoremsView },
];
