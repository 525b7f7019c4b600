import { serveTask } from '../../core/serve-task.js';
import { mapColumns } from './map-columns.js';

serveTask(mapColumns);
