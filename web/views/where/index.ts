import { view } from '../../core/view.js';

export const whereView = view({ title: 'where', lead: '', controls: {}, open: () => () => undefined });
