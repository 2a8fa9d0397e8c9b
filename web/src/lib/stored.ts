// What this device remembers. Storage may be off: then nothing is, and choices last as long as the page.

export function read(name: string): string | null {
  try {
    return localStorage.getItem(`tintype.${name}`);
  } catch {
    return null;
  }
}

export function write(name: string, value: string) {
  try {
    localStorage.setItem(`tintype.${name}`, value);
  } catch {
    // It is said above.
  }
}
