export function tracedLines(log) {
    return log
        .split('\n')
        .filter((line) => line.includes('"trace_id"'))
        .map((line) => JSON.parse(line)); // as libs/service writes them
}
//# sourceMappingURL=log-lines.js.map