import { view } from '../../core/view.js';

export const collapseView = view({ title: 'collapse', lead: '', controls: {}, open: () => () => undefined });
