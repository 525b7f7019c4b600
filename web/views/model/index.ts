import { view } from '../../core/view.js';

export const modelView = view({ title: 'model', lead: '', controls: {}, open: () => () => undefined });
