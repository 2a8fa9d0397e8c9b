// A dialog that asks for the password before it does something.

import type { FormEvent, ReactNode } from "react";
import { friendly } from "../../../api/errors";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Problem } from "../../session/parts/Problem";
import { isAtField, OwnPassword } from "./OwnPassword";

type Given = { password?: string };
type Props = {
  title: string;
  act: string;
  has: boolean;
  error?: unknown;
  busy: boolean;
  danger?: boolean;
  children?: ReactNode;
  onAct: (given: Given, form: FormData) => void;
  onClose: () => void;
};

export function WithPassword({ title, act, has, error, busy, danger, children, onAct, onClose }: Props) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const password = form.get("password");
    onAct(password === null ? {} : { password: String(password) }, form);
  };
  return (
    <Dialog low title={title} onClose={onClose}>
      <form onSubmit={submit} className="grid gap-4 p-5 pb-[calc(1.25rem+env(safe-area-inset-bottom))]">
        {error !== undefined && !isAtField(error) && <Problem>{friendly(error)}</Problem>}
        {children}
        <OwnPassword has={has} error={error} />
        <Button type="submit" look={danger ? "danger" : "main"} busy={busy} className="justify-self-end">
          {act}
        </Button>
      </form>
    </Dialog>
  );
}
