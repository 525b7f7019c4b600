import { view } from '../../core/view.js';

export const sgdView = view({ title: 'sgd', lead: '', controls: {}, open: () => () => undefined });
