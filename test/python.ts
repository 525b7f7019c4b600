import { spawnSync } from 'node:child_process';

/** A Python that has these modules: that of PYTHON, the one on the path, or the system's own, where packages of the system are. Undefined where none has. */
export function pythonWith(modules: string): string | undefined {
  const candidates = [process.env.PYTHON, 'python3', '/usr/bin/python3'].filter((path) => path !== undefined);
  return candidates.find((path) => spawnSync(path, ['-c', `import ${modules}`]).status === 0);
}
