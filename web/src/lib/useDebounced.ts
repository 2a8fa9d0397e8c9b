import { useRef, useState } from "react";

/** A value that follows what is set 200 ms after the last time. */
export function useDebounced<T>(initial: T, delay = 200): [T, (next: T) => void] {
  const [value, setValue] = useState(initial);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const later = (next: T) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setValue(next), delay);
  };
  return [value, later];
}
