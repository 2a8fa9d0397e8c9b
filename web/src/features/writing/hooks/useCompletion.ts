// What may be meant by the mention or hashtag that is being written, and putting it there.
import { type RefObject, useId, useState } from "react";
import { api } from "../../../api";
import type { Account } from "../../../api/types";
import { tokenAt } from "../../../lib/text";
import { useDebounced } from "../../../lib/useDebounced";

/** A word with its sign, and the person or the number of posts behind it. */
export type Offer = { word: string; account?: Account; count?: number };

const limit = 5;

export function useCompletion(
  box: RefObject<HTMLTextAreaElement | null>,
  value: string,
  onChange: (value: string) => void,
) {
  const id = useId();
  const [token, setToken] = useState<ReturnType<typeof tokenAt>>();
  const [typed, setTyped] = useDebounced("", 150);
  const [active, setActive] = useState(0);
  const sign = token?.prefix ? token.sign : undefined;
  const q = typed.slice(1);
  const asks = (wanted: "@" | "#") => sign === wanted && q !== "" && typed[0] === wanted;
  const people = api.useLookupUsersQuery({ q, limit }, { skip: !asks("@") }).currentData?.data;
  const hashtags = api.useLookupHashtagsQuery({ q, limit }, { skip: !asks("#") }).currentData?.data;
  let offers: Offer[] = [];
  if (sign === "@") offers = (people ?? []).map((account) => ({ word: `@${account.username}`, account }));
  if (sign === "#") offers = (hashtags ?? []).map(({ name, post_count: count }) => ({ word: `#${name}`, count }));
  // Until the server has been asked about the last letters, only what still fits is offered, lest Enter takes another.
  const said = `${sign}${token?.prefix}`.toLowerCase();
  if (said !== typed.toLowerCase()) {
    const fits = (name = "") => name.toLowerCase().startsWith(said.slice(1));
    offers = offers.filter(({ word, account }) => fits(word.slice(1)) || fits(account?.full_name));
  }

  const follow = () => {
    const { value: now = "", selectionStart = 0 } = box.current ?? {};
    const found = tokenAt(now, selectionStart);
    setToken(found);
    setActive(0);
    setTyped(found ? found.sign + found.prefix : "");
  };
  const leave = () => setToken(undefined);
  const complete = ({ word }: Offer) => {
    if (!token) return;
    const before = `${value.slice(0, token.start)}${word} `;
    onChange(before + value.slice(token.start + 1 + token.prefix.length).replace(/^ /, ""));
    leave();
    requestAnimationFrame(() => {
      box.current?.focus();
      box.current?.setSelectionRange(before.length, before.length);
    });
  };
  return { id, offers, active, setActive, follow, leave, complete };
}
