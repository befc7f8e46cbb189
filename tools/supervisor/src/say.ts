/** Tells a person what is being done: one line, without line end. */
export type Say = (line: string) => void;
