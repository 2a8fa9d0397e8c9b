// Who is signed in.
import { api } from "../../../api";
import type { Me } from "../../../api/types";
import { useAppSelector } from "../../../app/store";

export function useSession() {
  const status = useAppSelector((state) => state.session.status);
  const away = status === "out" || status === "ended";
  const { currentData, error, refetch } = api.useGetUserQuery({ userId: "me" }, { skip: away });
  return {
    me: away ? undefined : (currentData as Me | undefined),
    out: away,
    ended: status === "ended",
    /** The server could not say who this is. */
    error: away || currentData ? undefined : error,
    retry: refetch,
  };
}
