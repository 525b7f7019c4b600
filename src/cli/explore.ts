import { once } from 'node:events';
import { Command } from 'commander';
import { folderIndex } from '../explore/answer.js';
import { openBrowser } from '../explore/open-browser.js';
import { pageFolder } from '../explore/page-folder.js';
import { runFolders } from '../explore/run-folder.js';
import { servePage } from '../explore/serve-page.js';
import { printNotice } from './messages.js';
import { integerIn } from './options.js';
import { printJson, printLine } from './output.js';

export function exploreCommand(signal: AbortSignal): Command {
  return new Command()
    .argument('[RUN_DIR...]', 'folders of runs or of sweeps to open in it')
    .option('--port <N>', 'port on 127.0.0.1 (default: a free one)', integerIn(1, 65535, 8080))
    .option('--no-open', 'do not open it in the browser')
    .option('--json', 'print address and folders as one JSON document', false)
    .addHelpText('after', '\nExample:\n  $ tiny-subspace explore run/fig1a run/fig1b')
    .action(
      async (
        paths: readonly string[],
        { port, open, json }: { readonly port?: number; readonly open: boolean; readonly json: boolean },
      ) => {
        const folders = runFolders(paths);
        const served = await servePage({ page: pageFolder(), folders, ...(port !== undefined && { port }) });
        try {
          const url = folders.length === 0 ? served.url : `${served.url}#/runs?served=1`;
          if (json) printJson({ url, ...folderIndex(folders) });
          else printLine(url);
          printNotice('served to this machine alone; Ctrl-C ends it');
          if (open)
            openBrowser(url, (why) => {
              printNotice(`no browser could be opened (${why}): open the address in one`);
            });
          if (!signal.aborted) await once(signal, 'abort');
        } finally {
          await served.close();
        }
        throw signal.reason;
      },
    );
}
