// The files of the draft's pictures are no data for a store; they are kept here by the id of their picture.
const files = new Map<string, File>();

export const fileOf = (id: string) => files.get(id);

export function keepFile(id: string, file: File) {
  files.set(id, file);
}

/** Lets go of one file, or of all. */
export function dropFile(id?: string) {
  if (id === undefined) files.clear();
  else files.delete(id);
}
