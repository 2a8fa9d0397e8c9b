// Showing a change before the server has answered.
import { showToast } from "../ui/toasts";
import type { Cache } from "./cache";
import { friendly, isWaiting } from "./errors";

export type Started<T> = Cache & { queryFulfilled: Promise<{ data: T }> };

/** Shows a change at once; takes it back and says why when the server refuses. */
export async function optimistic<T>(
  { dispatch, queryFulfilled }: Started<T>,
  undo: () => void,
): Promise<T | undefined> {
  try {
    return (await queryFulfilled).data;
  } catch (failure) {
    const { error } = failure as { error?: unknown };
    // What waits for a connection stays as it shows.
    if (isWaiting(error)) return undefined;
    undo();
    dispatch(showToast({ text: friendly(error), tone: "error" }));
    return undefined;
  }
}
