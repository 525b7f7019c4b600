import { serveTask } from '../../core/serve-task.js';
import { collapseCurves } from './collapse-curves.js';

serveTask(collapseCurves);
