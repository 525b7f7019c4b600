import { spawn } from 'node:child_process';

type Variables = Readonly<Record<string, string | undefined>>;

/** The program that opens an address in the system's browser, with its arguments; undefined where there is no screen. */
export function browserCommand(
  url: string,
  platform: NodeJS.Platform,
  env: Variables,
): readonly [program: string, ...args: string[]] | undefined {
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['cmd', '/c', 'start', '""', url];
  return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open', url] : undefined;
}

/** Opens an address in the system's browser, where there is a screen. `onFailure` is told why it could not be. */
export function openBrowser(url: string, onFailure: (why: string) => void): void {
  const command = browserCommand(url, process.platform, process.env);
  if (command === undefined) return;
  const [program, ...args] = command;
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', (error) => {
    onFailure(error.message);
  });
  child.on('exit', (code) => {
    if (code !== 0) onFailure(`${program} ended with exit code ${code ?? 'none'}`);
  });
  child.unref();
}
