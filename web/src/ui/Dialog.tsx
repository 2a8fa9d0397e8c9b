// A modal over the page: the browser's own dialog keeps the focus inside and gives it back.

import { X } from "lucide-react";
import { type ReactNode, useId, useRef } from "react";
import { useTranslation } from "../i18n";
import { IconButton } from "./Button";

type Props = {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** What stands at the right of the title, instead of the close button's counterweight. */
  action?: ReactNode;
  className?: string;
  /** On phones it stands at the bottom, no higher than it must, in place of over all of the screen. */
  low?: boolean;
};

function open(dialog: HTMLDialogElement | null) {
  if (!dialog) return;
  if (!dialog.open) dialog.showModal();
  return () => dialog.close();
}

export function Dialog({ title, onClose, children, action, className = "md:max-w-[440px]", low = false }: Props) {
  const { t } = useTranslation();
  const name = useId();
  const leaving = useRef(false);
  const leave = () => {
    if (leaving.current) return;
    leaving.current = true;
    onClose();
    queueMicrotask(() => {
      leaving.current = false;
    });
  };
  return (
    <dialog
      ref={open}
      aria-labelledby={name}
      closedby="any"
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        leave();
      }}
      className={`m-0 h-dvh max-h-none w-full max-w-none animate-rise overflow-hidden bg-sheet text-ink backdrop:animate-veil md:m-auto md:h-fit md:max-h-[min(86dvh,860px)] md:rounded-m md:frame-line ${low ? "max-md:mt-auto max-md:h-fit max-md:max-h-dvh max-md:rounded-t-m" : ""} ${className}`}
    >
      <div className="flex h-full max-h-[inherit] flex-col">
        <header className="flex items-center gap-2 border-line border-b px-2 py-1.5">
          <IconButton label={t("close")} onClick={leave}>
            <X className="size-5" />
          </IconButton>
          <h2 id={name} className="min-w-0 flex-1 truncate text-center font-semibold text-base">
            {title}
          </h2>
          {action ?? <span className="size-10" />}
        </header>
        <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">{children}</div>
      </div>
    </dialog>
  );
}
