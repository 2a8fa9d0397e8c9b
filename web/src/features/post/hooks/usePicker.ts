// When the reactions are offered: by a long press, by resting the pointer, or by an arrow key; and when they go again.
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from "react";

const longPress = 420;
const rest = 550;
const leave = 300;

export function usePicker() {
  const [open, setOpen] = useState<"pointer" | "keys">();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pressed = useRef(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const soon = (ms: number, act: () => void) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(act, ms);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!open) return;
    const elsewhere = (event: Event) => {
      if (!root.current?.contains(event.target as Node)) setOpen(undefined);
    };
    document.addEventListener("pointerdown", elsewhere);
    return () => document.removeEventListener("pointerdown", elsewhere);
  }, [open]);
  const close = () => {
    clearTimeout(timer.current);
    setOpen(undefined);
    if (root.current?.contains(document.activeElement)) button.current?.focus();
  };
  /** Whether the click that follows belongs to a long press, which has opened the picker already. */
  const wasLong = () => {
    const was = pressed.current;
    pressed.current = false;
    return was;
  };
  const onButton = {
    onPointerDown: ({ pointerType }: PointerEvent) => {
      pressed.current = false;
      if (pointerType === "mouse") return clearTimeout(timer.current);
      soon(longPress, () => {
        pressed.current = true;
        setOpen("pointer");
      });
    },
    onPointerUp: ({ pointerType }: PointerEvent) => {
      if (pointerType !== "mouse") clearTimeout(timer.current);
    },
    onPointerCancel: () => clearTimeout(timer.current),
    onContextMenu: (event: { preventDefault: () => void }) => pressed.current && event.preventDefault(),
    onPointerEnter: ({ pointerType }: PointerEvent) => {
      if (pointerType === "mouse") soon(rest, () => setOpen("pointer"));
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
      event.preventDefault();
      setOpen("keys");
    },
  };
  const around = {
    onPointerEnter: () => open && clearTimeout(timer.current),
    onPointerLeave: ({ pointerType }: PointerEvent) => {
      if (pointerType === "mouse") soon(leave, () => setOpen(undefined));
    },
  };
  return { open, close, root, button, onButton, around, wasLong };
}
