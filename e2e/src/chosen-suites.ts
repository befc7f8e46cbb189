/** Jest's `--filter`: of the suites that the other words choose, those that the variable lists. */
function chosen(paths: readonly string[]): { filtered: string[] } {
  const wanted = JSON.parse(process.env['CHOSEN_SUITES'] ?? '[]') as string[]; // written by runJest
  return { filtered: paths.filter((path) => wanted.includes(path)) };
}

export { chosen as 'module.exports' }; // Jest requires it
